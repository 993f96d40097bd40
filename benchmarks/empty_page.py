"""A Streamlit page with an empty Plotly chart and nothing else: what `benchmarks.pages` holds a cold page against."""

import plotly.graph_objects as go
import streamlit as st

st.set_page_config(page_title="Empty", layout="wide")
st.title("Empty")
st.plotly_chart(go.Figure())

"""The dashboard: pages that ask a results file and draw the answer. It never imports torch."""

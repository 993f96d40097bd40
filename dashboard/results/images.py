"""Keys of images, and the parts of SQL that say which images of a test a query is about."""

Key = tuple[str, str]
"""An image of a run: its dataset, and its id there."""

KEPT = "image_id IN (SELECT image_id FROM image WHERE dataset = $dataset AND left_out IS NULL)"
"""What follows AND where only the task with a single class is asked for: a run predicts held-out images beyond the cap
too, and they have their part in the task ``finding`` alone."""

ANSWERED = "NOT isnan(probability[predicted + 1])"
"""What follows AND where a query rests on one answer an image: a model may give none, or no probability of it."""

ANY_KNOWN = "NOT isnan(list_min(present))"
"""Whether it is known of any finding whether it is present: NaN, which is nothing known, is above every number."""

BY_SEED = "md5(concat_ws('|', $seed, image_id)), image_id"
"""What follows ORDER BY where images are drawn by a seed: the same ones on every machine, in every version."""

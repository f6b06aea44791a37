"""`python -m scripts.widget_bench`: what the widget costs, beside two others. See docs/widget-bench.md."""

"""The public process: chat API, widget, contact form and the site's inbox."""

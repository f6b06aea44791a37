"""The script: everything that a family can ever be shown, for an ethics board, with what is behind it.

    script = build_script("NCT06848582")      # bot.script.building
    print(as_markdown(script))                # or as_html, as_pdf, as_json: one script, four forms

What counts as a family's text, and what the hash at the end covers, is ``bot.approval``'s to say: the
program's processes must be able to ask that without the interview.
"""

"""A trial in other people's forms: FHIR R4, CTML and a table. docs/exchange.md says what each can hold.

    from bot.exchange.table import criteria_as_csv
    from bot.exchange.ctml import as_ctml
    from bot.exchange.fhir import trial_bundle

Everything here is pure: a trial and texts come in, text or plain JSON values go out.
"""

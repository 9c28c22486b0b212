"""The report: a run in one page that a person can read, from the verdict down to the paragraph.

Three steps, each of which stands alone. `model.build` reads the run's tables and gives a `Report`, a value that holds
everything the page will say. `page.render` sets that value as one HTML file without a request to anywhere. `page.write`
puts it in place whole. What reads well as HTML reads as well as JSON, because both come from the same value.
"""

"""The grading machine: runs submissions and checks them. It knows nothing of convolution."""

import sys

# nbformat needs jsonschema, which builds a parser for internationalised addresses when it is
# imported: a second in every process, for a check of formats that notebooks do not have.
if "jsonschema" not in sys.modules:
    sys.modules.setdefault("rfc3987_syntax", None)

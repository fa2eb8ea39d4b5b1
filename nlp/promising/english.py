"""The English forms by which the brand commits itself."""

from __future__ import annotations

from nlp.alternatives import any_of, phrases

_LY = r"(?:\w+ly\s+|now\s+|also\s+|then\s+|both\s+|already\s+|just\s+|still\s+|all\s+)?"
_BE = r"(?:(?:is|are|am|be)|(?<=['’])(?:s|re|m))"
_IS = r"(?:(?:is|are|am)|(?<=['’])(?:s|re|m))"
_NOT_DOING = any_of("""
    looking working trying hoping aiming experiencing having seeing waiting asking planning closing opening running
    celebrating launching thinking expecting offering facing seeking travelling traveling flying missing wondering
    following talking speaking going being hiring giving reading keeping holding doing checking investigating
    striving struggling getting using moving returning needing wanting feeling enjoying watching playing starting
    staying
""")
_HANDLED = any_of("""
    delivered collected refunded sent shipped dispatched posted issued replaced credited fixed repaired restored
    resolved sorted scheduled booked set due processed returned completed reviewed installed paid slated redelivered
    activated cancelled canceled reconnected connected updated upgraded confirmed corrected
""")
_COMES = (
    any_of("arrives lands comes gets ships reaches posts clears hits lifts resumes unlocks activates")
    + r"(?!\s+(?:like|the\s+mark))"
)
_COME = r"(?<!\bto )(?:arrive|land|ship)"
_GOES = phrases("""
    rolls out, goes in, goes into, goes to, goes back, goes live, goes through, comes through, go out in the, shows
    up, shows in, shows on, takes effect, kicks in
""")
_ARRANGED = phrases("booked, scheduled, arranged, confirmed, set up, reserved, pencilled, penciled, lined up")
_PEOPLE = any_of("""
    driver courier engineer technician tech team manager agent adviser advisor plumber fitter colleague crew lads
""")
_PEOPLE_ACT = r"(?:collects?|delivers?|calls?|visits?|comes?|picks?|rings?|returns?|installs?)"
_AN_APPOINTMENT = r"(?:delivery|collection|appointment|visit|installation|call-?back)\s+(?:date|time|slot)?"
_A_TIME = r"(?=on|for|at|\d|mon|tue|wed|thu|fri|sat|sun|tomorrow)"
_TROUBLE = r"(?!\s+(?:some\s+|long\w*\s+)?(?:delay|wait|queue|disrupt))"
_SENDING = any_of("sending shipping posting refunding calling mailing popping dropping bringing will ringing emailing")
# without its apostrophe "I'll" is a word of its own
_DEED = any_of("""
    call text ring send get have let give drop be message email post check chase sort fix pop bring mail dm follow
    refund swap replace pay ship put make come do
""")
_BACK = phrases("back, live, out, there, sorted, with you, on the van, on its way")

# by an example of each
FORMS = {
    "we'll call": r"\b(?:will|(?<=['’])ll|shall)\b(?!\s+you\b)",
    "ill text u": rf"\b(?:(?:i|we)ll\s+(?={_DEED}\b)|(?:you|they|it|that|he|she)ll\b)",
    "we are going to": rf"\b{_BE}\s+{_LY}(?:going\s+to|gonna)\b",
    "you have my word": r"\byou\s+have\s+(?:my|our)\s+word\b",
    "i promise you": r"\b(?:we|i)\s+(?:can\s+)?(?:promise|guarantee|commit)(?:\s+you)?\b|\bcommitted\s+to\b",
    "we're sending": rf"\b{_BE}\s+{_LY}(?!{_NOT_DOING}\b)\w+ing\b",
    "you're getting a refund": rf"\b{_BE}\s+{_LY}getting\s+(?:you|your|a|an|the|this|that|it)\b",
    "it is going out": rf"\b{_BE}\s+{_LY}going\s+(?:out|through|to\s+you|back)\b",
    "it is being sent": rf"\b{_BE}\s+{_LY}(?:being\s+)?{_HANDLED}\b(?!\s+to\s+(?:a|the|an)\s+)",
    "it arrives": rf"\b(?:{_COMES}|{_COME}|{_GOES})\b",
    "we've booked you in": rf"\b(?:have|has|(?<=['’])ve|(?<=['’])s)\s+{_LY}{_ARRANGED}(?:\s+you)?\b",
    "i've got you a slot": r"(?<=['’]ve)\s+(?:got|found|secured)\s+you\b",
    "it has been scheduled": r"\b(?:has|have)\s+been\s+(?:re)?(?:scheduled|booked|arranged|set)\b",
    "delivery date is": rf"\b{_AN_APPOINTMENT}\s*(?:is|will\s+be)\s+{_A_TIME}",
    "the courier collects": rf"\b{_PEOPLE}\s+{_PEOPLE_ACT}\b",
    "count on us": rf"\bcount\s+on\s+(?:us|me)\b|\byou\s+can\s+(?:expect{_TROUBLE}|count\s+on|look\s+forward)\b",
    "expect a call": r"\b(?:expect|look\s+(?:out\s+)?for)\s+(?:a|an|our|your|it|the|to\s+(?:hear|get|receive|see))\b",
    "sending you one": rf"^\W*{_SENDING}(?:\s+you)?\b(?!\s+(?:my|a\s+letter))",
    "it is to be delivered": rf"\b{_IS}\s+to\s+be\s+\w+ed\b",
    "delivery confirmed for": rf"\b{_AN_APPOINTMENT}\s*(?:confirmed|booked|(?:re)?scheduled|arranged)\b",
    "you're down for": rf"\b{_IS}\s+(?:down|in)\s+for\b",
    "consider it done": r"\bconsider\s+it\s+(?:done|sorted|fixed)\b",
    "you get your money": r"\byou\s+(?:get|receive)\s+(?:your|a|an|the|it)\b",
    "give me until": r"\bgive\s+(?:me|us)\s+(?:until|till)\b",
    "you're all set to": rf"\b{_BE}\s+all\s+set\s+to\b",
    "it's back by": rf"\b{_IS}\s+{_BACK}\b(?=.*\b(?:by|tomorrow|today|tonight)\b)",
}
# a parcel that leaves is a promise only where nothing says when it arrives
LEAVES = rf"\b(?:leaves?|goes\s+(?:out|live)|{_BE}\s+(?:going\s+out|leaving))\b"

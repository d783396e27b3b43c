"""Why did I get this, and what should I have sent? Answered offline, from a text that somebody has at hand.

`explain(text, options=ExplainOptions())` finds requests and answers in the text, checks them with the
server's own rules and writes the corrected requests. Nothing leaves the machine.
"""

from jackfield.explain.answering import explain as explain
from jackfield.explain.explanation import Advice as Advice
from jackfield.explain.explanation import CorrectedRequest as CorrectedRequest
from jackfield.explain.explanation import ExplainOptions as ExplainOptions
from jackfield.explain.explanation import Explanation as Explanation
from jackfield.explain.explanation import Question as Question
from jackfield.explain.explanation import RankedFinding as RankedFinding
from jackfield.explain.explanation import SecretSeen as SecretSeen
from jackfield.explain.pieces import Piece as Piece
from jackfield.explain.pieces import PieceKind as PieceKind

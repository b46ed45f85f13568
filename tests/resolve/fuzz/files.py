"""Strategies for the text of env files and label files."""

from __future__ import annotations

from hypothesis import strategies as st

from resolve.fuzz.values import mostly

DOTENVS = (
    "SUB=1\nNUM=99\nFROMFILE=sub\n",
    "FROMFILE=file value\nA=shadowed\nSPACE='  x '\n# comment\nQ=\"q${NUM}\"\n",
    "DIR=common\nSUB=${FROMFILE:-nothing}\nCOMPOSE_PROFILES=p1\n",
    "COMPOSE_PROJECT_NAME=fromdotenv\nSUB=dotenv\n",
    "SUB=${SUB:-own}x\nFROMFILE=$SUB\n",
    "COMPOSE_FILE=compose.yaml:over.yaml\n",
    "",
)
LINES = (
    "A=1", "A='q $x'", 'A="d ${NUM} \\n x"', "E1=${UNSET:-d}", "E1", "export E2=2 # c", "E2=a#b",
    "E2 = b", "E3=", "E3", "E4: y", "E4=${A}${E1}", "E5=$$x", "E6='l1\nl2'", 'E6="l1\nl2"', "# c",
    "", "  E7=  sp  ", "E7=\\$A", "E8=${A:-${B}}", "E.1=x", "E-2=y", "E3=\t t\t",
    'A="a\\"b"', "A=b # c", "A='b' # c", 'A="b"# c', "A=${DIR}/x", "E1=é", "E2=a=b=c", "export E3",
    "E4=`x`", "E5=${UNSET+set}", "\ufeffE1=bom", "E9=1\r", "E1='a'b",
)  # fmt: skip
BAD_LINES = ("E8=a$", "E9='un", "E5=${UNSET?no}", "E 1=x", "E1'=x")
LABELS = ("l=1", "l=${A}", "m='x y'", "n", "com.ex=a # c", "l=2", "m=${l}", "# c", 'o="a\\nb"')
_line = mostly(st.sampled_from(LINES), st.sampled_from(BAD_LINES), 80)
env_text = st.lists(_line, max_size=5).map(lambda lines: "\n".join(lines) + "\n")
label_text = st.lists(st.sampled_from(LABELS), max_size=3).map(
    lambda lines: "\n".join(lines) + "\n"
)

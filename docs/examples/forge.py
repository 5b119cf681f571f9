"""What a forger would do: change one event of a copy with another program. For the tutorial, to see that it is found.

python forge.py SEASON.db COPY.db SEQ DATE
"""

import shutil
import sqlite3
import sys

season, copy, seq, day = sys.argv[1:]
shutil.copy(season, copy)
database = sqlite3.connect(copy)
for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    database.execute(f"DROP TRIGGER {trigger}")
database.execute("UPDATE log SET effective_on = ? WHERE seq = ?", (day, seq))
database.commit()

"""The transcript of the contract, for real, in both languages; and that a refusal leaves the log as it was."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell

ENGLISH = """\
REHEARSAL two-pilots · today is 28/4/2021
Hoàng Mai · district · in pilot_review since 20/4/2021

  to election (trigger convene, by the unit)                                    not yet: 1 unmet, 1 not known

  ✗ lessons-drawn       The pilots' lessons are drawn before the others convene              71/KH-BTV, I
      lead.reached("lessons_drawn") is false: ha-noi leads; its pilots have held 1 of 2, still open: dong-anh
                                                                        → ha-noi: draw the lessons
  ? delegates-summoned  The number of summoned delegates is fixed                            5024/QĐ-ĐCT (extract)
      fact.delegates_summoned is not recorded                           → hoang-mai: record it
  ! district-quarter-3  District congresses are held in the third quarter (shown, does not block)   Bắc Ninh plan, 2020
  ✓ children-held       All base units have held their congress: this roll is not tracked    000 Long Biên, practice

  Smallest way through: ha-noi draws the lessons; hoang-mai records delegates_summoned.
  What holds ha-noi up: daihoi why ha-noi --below

  Ways back: withdraw_approval (by the superior: withdraw the approval because the documents have changed).
"""

ENGLISH_REFUSAL = """\
REHEARSAL two-pilots · today is 28/4/2021
Refused (E-GUARD). Nothing was recorded. 2 guards stand before convene:
  ✗ lessons-drawn       The pilots' lessons are drawn before the others convene              71/KH-BTV, I
      lead.reached("lessons_drawn") is false: ha-noi leads; its pilots have held 1 of 2, still open: dong-anh
                                                                        → ha-noi: draw the lessons
  ? delegates-summoned  The number of summoned delegates is fixed                            5024/QĐ-ĐCT (extract)
      fact.delegates_summoned is not recorded                           → hoang-mai: record it
Smallest way through: ha-noi draws the lessons; hoang-mai records delegates_summoned.
See everything with: daihoi why hoang-mai
"""

VIETNAMESE = """\
DIỄN TẬP two-pilots · hôm nay là 28/4/2021
Hoàng Mai · quận, huyện, thị xã · đang ở trạng thái Rút kinh nghiệm đại hội điểm [pilot_review] từ 20/4/2021

  sang Triệu tập, đại hội và bầu cử [election] · bước chuyển convene, do đơn vị   chưa được: 1 chưa đạt, 1 chưa rõ

  ✗ lessons-drawn       Rút kinh nghiệm đại hội điểm xong rồi các đơn vị khác mới triệu tập đại hội   71/KH-BTV, I
      lead.reached("lessons_drawn") chưa đúng: ha-noi chỉ đạo điểm; các đơn vị làm điểm đã tổ chức đại hội 1/2, còn thiếu: dong-anh
                                                                        → ha-noi: tổ chức rút kinh nghiệm đại hội điểm
  ? delegates-summoned  Số đại biểu được triệu tập đã chốt                                   5024/QĐ-ĐCT (trích)
      fact.delegates_summoned: chưa được ghi                            → hoang-mai: ghi dữ kiện này
  ! district-quarter-3  Đại hội cấp huyện tổ chức trong quý III (chỉ nhắc, không chặn)       Kế hoạch Bắc Ninh, 2020
  ✓ children-held       Tất cả cơ sở Hội đã tổ chức đại hội: danh sách này không được theo dõi   000 Long Biên, thực tế

  Cách ngắn nhất để qua: ha-noi tổ chức rút kinh nghiệm đại hội điểm; hoang-mai ghi số đại biểu chính thức được triệu
  tập [delegates_summoned].
  Xem ha-noi còn vướng gì: daihoi why ha-noi --below

  Có thể lùi bước: withdraw_approval (do cấp trên trực tiếp: thu hồi việc duyệt vì văn kiện, nhân sự thay đổi).
"""


@pytest.mark.parametrize(("language", "page"), [("en", ENGLISH), ("vi", VIETNAMESE)])
def test_why_hoang_mai_cannot_convene(pilots: Shell, language: str, page: str) -> None:
    ran = pilots.process("--lang", language, "why", "hoang-mai")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == page


def test_whoever_tries_is_refused_and_the_log_did_not_grow(pilots: Shell) -> None:
    before = pilots("--format", "json", "verify").json

    ran = pilots.process("--lang", "en", "--as", "hoang-mai", "advance", "hoang-mai", "convene")

    assert ran.code == 7
    assert (ran.out, ran.err) == ("", ENGLISH_REFUSAL)
    after = pilots("--format", "json", "verify").json
    assert (after["events"], after["root"]) == (before["events"], before["root"])
    assert after["ok"]


def test_in_vietnamese_the_refusal_says_the_same(pilots: Shell) -> None:
    ran = pilots.process("--lang", "vi", "--as", "hoang-mai", "advance", "hoang-mai", "convene")

    assert ran.code == 7
    assert ran.err.startswith(
        "DIỄN TẬP two-pilots · hôm nay là 28/4/2021\n"
        "Từ chối (E-GUARD). Chưa ghi gì vào nhật ký. Còn 2 điều kiện trước bước convene:\n"
    )
    assert ran.err.endswith("Xem đầy đủ: daihoi why hoang-mai\n")

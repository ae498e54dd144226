"""Characters that recognition gives in their traditional or Japanese form although mainland papers print the simplified one.

The two of a pair look alike, to the eye and to the network. One character stands for one, so places and confidences keep their order.
"""

from __future__ import annotations

_PAIRS = (
    "黃黄 戶户 內内 呂吕 彥彦 吳吴 強强 説说 說说 稅税 銳锐 涼凉 淨净 溫温 別别 吿告 靑青 淸清 晩晚 産产 產产 衆众 眾众 兌兑 奧奥 戸户 黒黑 徳德 歩步 毎每 "
    "髙高 敎教 総总 錄录 録录 眞真 値值 減减 決决 況况 沖冲 沒没 滿满 營营 爲为 為为 處处 縣县 區区 東东 車车 門门"
)
SIMPLIFIED = {ord(pair[0]): pair[1] for pair in _PAIRS.split() if pair[0] != pair[1]}


def simplified(text: str) -> str:
    """The same text, character by character, in the forms that our papers print."""
    return text.translate(SIMPLIFIED)

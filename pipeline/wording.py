"""The Chinese words in which people see our codes: one table each, used by every list, letter and screen.

A code that has no words is shown as it is; a test holds the tables against the enumerations.
"""

from __future__ import annotations

from collections.abc import Mapping

SEVERITY: Mapping[str, str] = {"block": "条件不符", "supplement": "待补正", "review": "待核", "info": "提示"}
TRIAGE: Mapping[str, str] = {"ineligible": "条件不符", "supplement": "待补正", "review": "待人工核对", "clear": "通过"}
TRACK: Mapping[str, str] = {"equipment": "首台（套）装备", "material": "首批次新材料", "software": "首版次软件", "qualification": "资格申请", "fund": "资金申请"}
FLAW: Mapping[str, str] = {
    "truncated": "图像不完整，请重新扫描该页后上传",
    "damaged": "无法打开，请重新扫描或重新导出该页后上传",
    "dark": "过暗，文字无法辨认，请调亮或改善光线后重新扫描",
    "pale": "过曝或字迹过淡，文字无法辨认，请调低亮度、提高对比度后重新扫描",
    "unread": "有文字但无法辨认，请平放原件，以200dpi以上的灰度或彩色重新扫描",
    "partly": "部分文字无法辨认，请重新扫描该页；暂以已识别部分核对，请人工核对",
    "doubtful": "字迹模糊，识别结果不可靠，请重新扫描该页；暂以识别结果核对，请人工核对",
}
QUARANTINE: Mapping[str, str] = {
    "encrypted": "文件加密，请提供无密码的文件",
    "empty": "文件为空，请重新上传",
    "truncated": "文件不完整，请重新上传",
    "damaged": "文件损坏，请重新扫描或重新导出",
    "unsupported": "不是PDF、JPEG、PNG或ZIP文件，请转换后上传",
    "too_large": "文件过大，请拆分后上传",
    "too_many_pages": "页数过多，请拆分后上传",
    "zip_bomb": "压缩包异常，请解压后直接上传其中的文件",
    "unsafe_name": "压缩包内文件名异常，请重新压缩",
    "timeout": "读取超时，请重新扫描后上传",
    "crashed": "读取时出错，请重新扫描后上传",
}

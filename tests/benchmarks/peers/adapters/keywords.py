"""What a team writes down on its first day: a hundred obvious risk words, looked for as they stand."""

from __future__ import annotations

import re

from tests.benchmarks.peers.verdict import Judge, Verdict

_WORDS = {
    "contamination": (
        "異物混入 異物 虫が入って 髪の毛が入って 金属片 プラスチック片 ゴキブリ カビ 腐って "
        "食中毒 賞味期限切れ 消費期限切れ アレルギー表示"
    ),
    "misconduct": "バイトテロ 不適切動画 不適切投稿 悪ふざけ つまみ食い 盗撮 冷凍庫に入",
    "leak": "情報漏えい 情報漏洩 個人情報流出 流出 漏洩 誤送信 不正アクセス 社外秘 USB紛失",
    "harassment": (
        "パワハラ セクハラ マタハラ ハラスメント サービス残業 過労 長時間労働 ブラック企業 未払い オワハラ"
    ),
    "discrimination": "差別 女性蔑視 ヘイト 人種差別 外国人お断り 不適切な表現",
    "stealth_marketing": "ステマ やらせ サクラ 誇大広告 景表法 景品表示法 自作自演",
    "defect": "リコール 発火 発煙 爆発 欠陥 不具合 やけど 感電 システム障害 故障 破裂",
    "complaint": "クレーム 対応が悪い 態度が悪い 接客が最悪 最悪の対応 ぼったくり 返金して 二度と行かない",
    "scandal": "不祥事 粉飾 横領 贈賄 談合 カルテル 脱税 改ざん 偽装 隠蔽 不正 書類送検 逮捕 内部告発",
    "attack": "爆破予告 殺害予告 脅迫 殺す デマ 放火 毒を入れ",
    "doxxing": "特定した 特定班 住所晒し 顔写真 本名 晒す",
    "boycott": "不買 炎上 ボイコット 電凸 買わない 解約しよう 謝罪しろ 拡散希望",
}
_ASKS = re.compile(r"[?？]|か。|ますか|ですか|教えて|わかりません|できますか|どうすれば|どこで")


def build() -> Judge:
    """Return the list; the category is that of the most words found."""
    words = [(word, category) for category, listed in _WORDS.items() for word in listed.split()]

    def judge(text: str) -> Verdict:
        found = [category for word, category in words if word in text]
        best = max(found, key=found.count) if found else "none"
        return Verdict(float(len(found)), category=best, support=bool(_ASKS.search(text)))

    return judge

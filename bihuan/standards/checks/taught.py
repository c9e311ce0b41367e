"""What the checks' own examples teach the models of `training.py`: by key the lines that are one and those that are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bihuan.standards.checks.declarations import complaint, empathy, impatience, promise, restate


def flattened(lines: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All lines of a grouped list."""
    return tuple(line for group in lines.values() for line in group)


# A model may not contradict them.
TAUGHT: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "greeting": (
        ("下午好～让您久等了", "您好", "嗨，亲，在的呢😊", "hello, let me check"),
        ("说吧", "什么事", "你好像没有付款", "自己看下订单"),
    ),
    "self_introduction": (
        (
            "您好，小李为您服务",
            "您好，我是您的专属顾问晓晓",
            "您好，我叫王芳，请讲",
            "hello, my name is lily, how can i help?",
        ),
        (
            "您好，星河商城为您服务",
            "您好，很高兴为您服务，请问有什么可以帮您",
            "您好，我是人工客服，请讲",
            "您好，稍后由售后小王联系您",
            "请问是张先生吗",
            "您好，请讲",
            "您好，请稍等",
            "您好，有什么可以帮您",
            "亲，在的呢",
            "让您久等了",
            "您好，京东客服为您服务",
            "您好，在线客服为您服务",
        ),
    ),
    "closing_thanks": (
        ("感谢您的来电，再见", "不客气，祝您生活愉快～", "那先不打扰您了"),
        ("麻烦发下订单号，谢谢", "查到了，明天到", "不用谢", "感谢您的等待", "明天", "嗯", "请问还在线吗"),
    ),
    "contact_promise": (
        ("后续有任何问题随时联系我们，再见", "有需要再喊小妹哦～", "您也可以拨打客服热线，24小时在线"),
        ("感谢您的支持，再见", "稍后专员会联系您的，再见", "您联系一下快递员，再见"),
    ),
    "ask_satisfied": (
        ("请问还有其他可以帮您的吗？", "请问您的问题解决了吗", "这样处理您还满意吗"),
        (
            "明天送到",
            "感谢您的支持，再见",
            "有什么可以帮您",
            "如果还有问题请随时联系我们，再见",
            "还有疑问可以再发消息给我们",
            "您还在吗，方便回复一下吗",
        ),
    ),
    "progress_told": (
        ("已为您转交技术部门，24小时内给您回电", "财务今天下班前答复您", "投诉专员明天上午联系您"),
        (
            "我帮您升级处理",
            "两小时内会有答复",
            "已经帮您反馈给技术部门了，请耐心等待",
            "好的",
            "马上为您处理",
            "您可以联系一下快递员",
        ),
    ),
    "empathy": (flattened(empathy.EMPATHIC), empathy.COLD),
    "complaint_soothe": ((*complaint.SOOTHED, *flattened(empathy.EMPATHIC)), empathy.COLD),
    "complaint_record": (complaint.RECORDED, ("没有查到您的记录", *complaint.SOOTHED)),
    "complaint_feedback": (complaint.FED_BACK, ("我们会尽快处理", *complaint.SOOTHED)),
    "complaint_follow_up": (complaint.FOLLOWED, ("有问题您可以随时联系我们", *complaint.SOOTHED)),
    "negative_emotion": (empathy.UPSET, empathy.CALM),
    "forbidden_promise": (promise.PROMISES, promise.HARMLESS),
    "impatience": (flattened(impatience.RUDE), impatience.PATIENT),
    "restate": (restate.RESTATED, restate.NOT_RESTATED),
}

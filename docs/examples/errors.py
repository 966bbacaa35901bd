"""Authorizes, and tells what an error says about money."""

import time

import grpc
from grpc_status import rpc_status
from payments.v1 import errors_pb2, payment_pb2, payment_pb2_grpc, settlement_pb2, settlement_pb2_grpc, types_pb2

channel = grpc.insecure_channel("127.0.0.1:50051")
payments = payment_pb2_grpc.PaymentServiceStub(channel)
settlements = settlement_pb2_grpc.SettlementServiceStub(channel)
TARGET = (("x-connector", "stripe"), ("x-environment", "sandbox"), ("x-account", "sandbox"))


def explained(error):
    """The payments.v1.ConnectorError among a failure's details; None when it is not the service that speaks."""
    status = rpc_status.from_call(error)
    told = errors_pb2.ConnectorError()
    return next((told for detail in (status.details if status else ()) if detail.Unpack(told)), None)


def pay(order):
    try:
        payment = payments.Authorize(order, metadata=TARGET, timeout=10).payment
    except grpc.RpcError as error:
        told = explained(error)
        # without the service's own words only this is sure: a write that ends so may have moved money
        if told is None:
            return f"{error.code().name}: send the same call again with first_sent_at"
        reason = getattr(told, told.WhichOneof("reason"))
        if "unsettled" in reason.DESCRIPTOR.fields_by_name:  # unknown_outcome and key_expired
            return settle(reason.unsettled)
        return f"{told.WhichOneof('reason')}, {errors_pb2.MoneyMoved.Name(told.money_moved)}. {told.next_step}"
    if payment.HasField("decline"):
        return f"declined: {payment.decline.payer_message}"
    return f"{types_pb2.PaymentStatus.Name(payment.status)} {payment.payment_id}"


def settle(unsettled, asks=5):
    request = settlement_pb2.SettlementServiceSettleRequest(unsettled=unsettled)
    answer = settlements.Settle(request, metadata=TARGET, timeout=10)
    if answer.HasField("taken"):  # as it is now: its status may also be DECLINED or FAILED
        return f"taken: {answer.taken.found.WhichOneof('value')}"
    if answer.HasField("not_taken"):
        return f"not taken ({answer.not_taken.evidence}): a new attempt is safe"
    if asks == 1 or not answer.still_unknown.HasField("retry_after"):
        return f"still unknown, to be kept: {unsettled}"
    time.sleep(answer.still_unknown.retry_after.ToTimedelta().total_seconds())
    return settle(unsettled, asks - 1)


order = payment_pb2.PaymentServiceAuthorizeRequest(
    reference=f"order-{time.time_ns()}",
    amount=types_pb2.Money(minor_units=1000, currency_code="EUR"),
    capture_method=types_pb2.CAPTURE_METHOD_MANUAL,
    payment_method=types_pb2.PaymentMethod(
        card=types_pb2.Card(number="4242424242424242", expiry_month=12, expiry_year=2030, cvc="123")
    ),
)
print(pay(order))  # PAYMENT_STATUS_AUTHORIZED pi_…

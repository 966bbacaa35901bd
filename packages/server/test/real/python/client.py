"""A caller in Python with gRPC's own packages alone: prints one line of JSON for each scenario.

Arguments: the server's address and the sandbox's URL. The stubs, generated from proto/, are on PYTHONPATH.
"""

import json
import sys
import traceback
import urllib.request

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status
from payments.v1 import errors_pb2, payment_pb2, payment_pb2_grpc
from payments.v1 import refund_pb2, refund_pb2_grpc, settlement_pb2, settlement_pb2_grpc, types_pb2

address, sandbox = sys.argv[1:]
channel = grpc.insecure_channel(address)
payments = payment_pb2_grpc.PaymentServiceStub(channel)
refunds = refund_pb2_grpc.RefundServiceStub(channel)
settlements = settlement_pb2_grpc.SettlementServiceStub(channel)

ACCOUNT = (("x-connector", "stripe"), ("x-environment", "sandbox"), ("x-account", "sandbox"))
PATIENT = 20
"""Seconds given to a call that is not about its deadline."""
INTENTS = "/stripe/v1/payment_intents"


def with_credentials(credentials):
    return ACCOUNT[:2] + (("x-credentials-bin", json.dumps(credentials).encode()),)


def eur(minor_units):
    return types_pb2.Money(minor_units=minor_units, currency_code="EUR")


def authorization(reference, number="4242424242424242", minor_units=1000):
    card = types_pb2.Card(number=number, expiry_month=12, expiry_year=2040, cvc="123")
    return payment_pb2.PaymentServiceAuthorizeRequest(
        reference=reference,
        amount=eur(minor_units),
        payment_method=types_pb2.PaymentMethod(card=card),
        capture_method=types_pb2.CAPTURE_METHOD_MANUAL,
    )


def with_unknown_field(message):
    """The message with a field that its contract does not know: 15999, the text "new"."""
    # a varint key of 15999 << 3 | 2, a length, the bytes: https://protobuf.dev/programming-guides/encoding/
    newer = type(message).FromString(message.SerializeToString() + b"\xfa\xe7\x07\x03new")
    if b"\xfa\xe7\x07\x03new" not in newer.SerializeToString():
        raise RuntimeError("this protobuf package drops unknown fields")
    return newer


def plain(message):
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def set_faults(*faults):
    body = json.dumps(faults).encode()
    request = urllib.request.Request(f"{sandbox}/_sandbox/faults", body, {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=PATIENT).close()


def clear_faults():
    request = urllib.request.Request(f"{sandbox}/_sandbox/faults", method="DELETE")
    urllib.request.urlopen(request, timeout=PATIENT).close()


DETAILS = (
    error_details_pb2.ErrorInfo,
    error_details_pb2.BadRequest,
    error_details_pb2.RetryInfo,
    errors_pb2.ConnectorError,
    types_pb2.Unsettled,
)


def error_of(call):
    """The google.rpc.Status of a call that must fail, and its details by their names."""
    try:
        call()
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        details = {}
        for packed in status.details if status is not None else ():
            kind = next((kind for kind in DETAILS if packed.Is(kind.DESCRIPTOR)), None)
            if kind is None:
                raise RuntimeError(f"a detail of another type: {packed.type_url}") from error
            details[kind.DESCRIPTOR.full_name] = kind()
            packed.Unpack(details[kind.DESCRIPTOR.full_name])
        return error.code().name, error.details(), details
    raise RuntimeError("the call was answered")


def shown(error):
    status, message, details = error
    return {"status": status, "message": message, "details": {name: plain(value) for name, value in details.items()}}


def failure(call):
    return shown(error_of(call))


def payment():
    authorized = payments.Authorize(authorization("py-payment"), metadata=ACCOUNT, timeout=PATIENT).payment
    captured = payments.Capture(
        payment_pb2.PaymentServiceCaptureRequest(
            reference="py-capture", payment_id=authorized.payment_id, amount=eur(700), state=authorized.state
        ),
        metadata=ACCOUNT,
        timeout=PATIENT,
    ).capture
    refunded = refunds.Create(
        refund_pb2.RefundServiceCreateRequest(
            reference="py-refund",
            payment_id=authorized.payment_id,
            amount=eur(300),
            reason=refund_pb2.REFUND_REASON_REQUESTED_BY_CUSTOMER,
            state=authorized.state,
        ),
        metadata=ACCOUNT,
        timeout=PATIENT,
    ).refund
    got = payments.Get(
        payment_pb2.PaymentServiceGetRequest(payment_id=authorized.payment_id), metadata=ACCOUNT, timeout=PATIENT
    ).payment
    got_refund = refunds.Get(
        refund_pb2.RefundServiceGetRequest(refund_id=refunded.refund_id), metadata=ACCOUNT, timeout=PATIENT
    ).refund
    answers = {"authorized": authorized, "captured": captured, "refunded": refunded, "got": got, "refund": got_refund}
    return {name: plain(answer) for name, answer in answers.items()}


def decline():
    # https://docs.stripe.com/testing#declined-payments
    request = authorization("py-decline", number="4000000000009995")
    return plain(payments.Authorize(request, metadata=ACCOUNT, timeout=PATIENT).payment)


def refusals():
    """Calls that this service refuses, nothing sent."""

    def refused(request, metadata=ACCOUNT, timeout=PATIENT):
        return failure(lambda: payments.Authorize(request, metadata=metadata, timeout=timeout))

    without_card = authorization("py-missing")
    without_card.ClearField("payment_method")
    return {
        "missing_field": refused(without_card),
        "over_the_most": refused(authorization("py-large", minor_units=2**40)),
        "largest_int64": refused(authorization("py-large", minor_units=2**63 - 1)),
        "least_int64": refused(authorization("py-large", minor_units=-(2**63))),
        "unknown_connector": refused(
            authorization("py-none"), (("x-connector", "none"), ("x-environment", "sandbox"), ("x-account", "sandbox"))
        ),
        "no_target": refused(authorization("py-none"), ()),
        "live_key": refused(authorization("py-live"), with_credentials({"secretKey": "sk_live_python"})),
        "no_time": refused(authorization("py-late"), timeout=1),
    }


def rejection():
    request = payment_pb2.PaymentServiceGetRequest(payment_id="pi_none")
    return failure(lambda: payments.Get(request, metadata=ACCOUNT, timeout=PATIENT))


def own_credentials():
    metadata = with_credentials({"secretKey": "sk_test_python"})
    return plain(payments.Authorize(authorization("py-own"), metadata=metadata, timeout=PATIENT).payment)


def rate_limit():
    set_faults({"kind": "429", "retry_after": 1, "path": INTENTS, "method": "POST", "count": 20})
    try:
        return failure(lambda: payments.Authorize(authorization("py-limit"), metadata=ACCOUNT, timeout=PATIENT))
    finally:
        clear_faults()


def read_without_answer():
    set_faults({"kind": "hang_before", "path": INTENTS, "method": "GET", "count": 20})
    try:
        request = payment_pb2.PaymentServiceGetRequest(payment_id="pi_1")
        return failure(lambda: payments.Get(request, metadata=ACCOUNT, timeout=2.5))
    finally:
        clear_faults()


def unknown_outcome():
    set_faults({"kind": "hang_after", "path": INTENTS, "method": "POST", "count": 1})
    try:
        error = error_of(lambda: payments.Authorize(authorization("py-unknown"), metadata=ACCOUNT, timeout=3))
    finally:
        clear_faults()
    unsettled = error[2]["payments.v1.Unsettled"]
    request = settlement_pb2.SettlementServiceSettleRequest(unsettled=unsettled)
    settled = settlements.Settle(request, metadata=ACCOUNT, timeout=PATIENT)
    return {"error": shown(error), "settled": plain(settled)}


def int64_and_unknown_fields():
    """An amount over 2^32 comes back as it was sent, and a newer contract's field in Unsettled harms nothing."""
    set_faults({"kind": "hang_before", "path": INTENTS, "method": "POST", "count": 1})
    try:
        request = authorization("py-int64", minor_units=2**33 + 1)
        _, _, details = error_of(lambda: payments.Authorize(request, metadata=ACCOUNT, timeout=3))
    finally:
        clear_faults()
    newer = with_unknown_field(details["payments.v1.Unsettled"])
    settled = settlements.Settle(
        settlement_pb2.SettlementServiceSettleRequest(unsettled=newer), metadata=ACCOUNT, timeout=PATIENT
    )
    return {"unsettled": plain(details["payments.v1.Unsettled"]), "settled": plain(settled)}


def request_with_unknown_fields():
    newer = with_unknown_field(authorization("py-fields"))
    return plain(payments.Authorize(newer, metadata=ACCOUNT, timeout=PATIENT).payment)


def health():
    stub = health_pb2_grpc.HealthStub(channel)

    def check(service):
        request = health_pb2.HealthCheckRequest(service=service)
        return plain(stub.Check(request, timeout=PATIENT))["status"]

    def first_of_watch(service):
        watch = stub.Watch(health_pb2.HealthCheckRequest(service=service), timeout=PATIENT)
        try:
            return plain(next(watch))["status"]
        finally:
            watch.cancel()

    try:
        absent = check("payments.v1.None")
    except grpc.RpcError as error:
        absent = error.code().name
    return {
        "server": check(""),
        "payments": check("payments.v1.PaymentService"),
        "absent": absent,
        "watched": first_of_watch("payments.v1.PaymentService"),
    }


def reflection():
    """What can be called is learnt from the server alone, without the generated stubs."""
    database = ProtoReflectionDescriptorDatabase(channel)
    pool = descriptor_pool.DescriptorPool(database)
    service = pool.FindServiceByName("payments.v1.ConnectorService")
    method = service.FindMethodByName("Get")
    request = message_factory.GetMessageClass(method.input_type)(id="stripe")
    response = message_factory.GetMessageClass(method.output_type)
    call = channel.unary_unary(
        f"/{service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=response.FromString,
    )
    return {"services": sorted(database.get_services()), "connector": plain(call(request, timeout=PATIENT))}


for scenario in (
    payment,
    decline,
    refusals,
    rejection,
    own_credentials,
    rate_limit,
    read_without_answer,
    unknown_outcome,
    int64_and_unknown_fields,
    request_with_unknown_fields,
    health,
    reflection,
):
    try:
        line = {"scenario": scenario.__name__, "seen": scenario()}
    except Exception:
        line = {"scenario": scenario.__name__, "crashed": traceback.format_exc()}
    print(json.dumps(line), flush=True)
channel.close()

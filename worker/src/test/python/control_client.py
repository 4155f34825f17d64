"""Talks to the control API by generated code: CODE_FOLDER HOST:PORT KEY."""

import queue
import sys

sys.path.insert(0, sys.argv[1])

import grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from recaller.v1 import calls_pb2, calls_pb2_grpc, flows_pb2, flows_pb2_grpc, memories_pb2, memories_pb2_grpc  # noqa: E402

KEY = [("authorization", f"Bearer {sys.argv[3]}")]


def reason(error):
    """The code and the reason of google.rpc.ErrorInfo."""
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    for detail in status_pb2.Status.FromString(details).details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return f"{error.code().name} {info.reason}"
    return error.code().name


def said(answers):
    """What is said until the agent listens."""
    words = []
    for answer in answers:
        if answer.WhichOneof("output") == "listening":
            return " ".join(words)
        words.append(answer.speech)
    raise AssertionError("the stream ended")


def main():
    with grpc.insecure_channel(sys.argv[2]) as channel:
        calls = calls_pb2_grpc.CallsStub(channel)
        requests = queue.Queue()
        beginning = calls_pb2.Beginning(metadata={"phoneNumber": "+15105550134"})
        requests.put(calls_pb2.ConverseRequest(start=beginning))
        answers = calls.Converse(iter(requests.get, None), metadata=KEY, timeout=50)
        call = next(answers).call.call_id
        print(said(answers))

        watching = calls.Watch(calls_pb2.WatchRequest(call_id=call), metadata=KEY, timeout=50)
        requests.put(calls_pb2.ConverseRequest(speech="My name is Grace."))
        caller = next(event.turn for event in watching if event.HasField("turn") and event.turn.speaker == calls_pb2.Turn.CALLER)
        print("watched: CALLER", caller.text)
        print(said(answers))

        calls.HangUp(calls_pb2.HangUpRequest(call_id=call), metadata=KEY)
        print("ended:", [answer.ended.reason for answer in answers][-1])
        requests.put(None)

        memories = memories_pb2_grpc.MemoriesStub(channel)
        whose = memories_pb2.Whose(phone_number="+15105550134")
        print("remembered:", memories.Show(memories_pb2.ShowMemoryRequest(whose=whose), metadata=KEY).name)
        try:
            calls.HangUp(calls_pb2.HangUpRequest(call_id=call), metadata=KEY)
        except grpc.RpcError as error:
            print("refused:", reason(error))
        try:
            flows_pb2_grpc.FlowsStub(channel).Put(flows_pb2.PutFlowRequest(document="{}"), metadata=KEY)
        except grpc.RpcError as error:
            print("refused:", reason(error))


main()

"""A client of OpenAI-compatible servers, against one that runs in the test."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dialogue.llm import LLMError, load
from dialogue.llm.openai import OpenAIServer


class Handler(BaseHTTPRequestHandler):
    failures: int
    seen: list

    def do_GET(self):
        self.reply(json.dumps({"data": [{"id": "lucie", "max_model_len": 4096}, {"id": "other"}]}))

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((body, self.headers.get("Authorization")))
        if self.server.failures:
            self.server.failures -= 1
            self.send_error(self.server.code)
            return
        events = [{"choices": [{"delta": {"content": text}}]} for text in ("Bon", "jour à t", "ous.")]
        self.reply("".join(f"data: {json.dumps(e)}\n\n" for e in events) + "data: [DONE]\n\n")

    def reply(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.seen, http.failures, http.code = [], 0, 503
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield http
    http.shutdown()
    http.server_close()


def url(server):
    return f"http://127.0.0.1:{server.server_port}/v1"


ASK = [{"role": "user", "content": "Bonjour <|im_end|>"}]


def test_a_url_is_a_server(server):
    model = load(url(server))
    assert (model.name, model.context_length) == (f"{url(server)}#lucie", 4096)
    assert model.chat(ASK) == "Bonjour à tous."


def test_a_stop_string_ends_the_answer(server):
    assert load(url(server)).chat(ASK, stop=["à t"]) == "Bonjour "


def test_special_tokens_are_neutralised_before_they_leave(server):
    load(url(server)).chat(ASK)
    assert "<|im_end|>" not in server.seen[0][0]["messages"][0]["content"]


def test_a_model_is_picked_by_name(server):
    assert load(url(server) + "#other").name.endswith("#other")
    with pytest.raises(LLMError, match=r"no model absent\. Accepted: lucie, other"):
        load(url(server) + "#absent")


def test_a_passing_fault_is_tried_again(server):
    model = OpenAIServer(url(server), wait=0.01)
    server.failures = 2
    assert model.chat(ASK) == "Bonjour à tous."
    assert len(server.seen) == 3


def test_a_lasting_fault_is_an_error(server):
    model = OpenAIServer(url(server), wait=0.01)
    server.failures, server.code = 99, 400
    with pytest.raises(LLMError, match="HTTP 400"):
        model.chat(ASK)
    assert len(server.seen) == 1


def test_no_server_is_an_error_that_names_the_address():
    with pytest.raises(LLMError, match=r"127\.0\.0\.1:9/v1/models: no answer"):
        OpenAIServer("http://127.0.0.1:9/v1", wait=0.01, timeout=1)


def test_the_key_comes_from_the_environment_only(server, monkeypatch):
    monkeypatch.setenv("DIALOGUE_LLM_KEY", "abc")
    load(url(server)).chat(ASK)
    assert server.seen[0][1] == "Bearer abc"

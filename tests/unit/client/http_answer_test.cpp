#include "client/http_answer.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::client {
namespace {

using testing::HasSubstr;

struct Outcome {
  bool complete = false;  // before the other side closed
  int status = 0;
  std::string body;
  std::string fault;
};

Outcome read(std::string_view text, std::size_t piece) {
  HttpReader reader;
  Outcome outcome;
  for (std::size_t at = 0; at < text.size() && !outcome.complete; at += piece) {
    const auto fed = reader.feed(text.substr(at, piece));
    if (!fed) {
      EXPECT_EQ(reader.feed("more").error(), fed.error());
      outcome.fault = fed.error();
      break;
    }
    outcome.complete = *fed;
  }
  const auto answer = reader.finish();
  if (!answer) {
    EXPECT_FALSE(outcome.complete);
    EXPECT_TRUE(outcome.fault.empty() || outcome.fault == answer.error());
    outcome.fault = answer.error();
  } else {
    outcome.status = answer->status;
    outcome.body = answer->body;
  }
  return outcome;
}

// However it is cut.
Outcome read(std::string_view text) {
  Outcome whole = read(text, std::max<std::size_t>(text.size(), 1));
  for (const std::size_t piece : {1U, 2U, 7U}) {
    const Outcome cut = read(text, piece);
    EXPECT_EQ(cut.status, whole.status) << text;
    EXPECT_EQ(cut.body, whole.body) << text;
    EXPECT_EQ(cut.fault, whole.fault) << text;
    EXPECT_EQ(cut.complete, whole.complete) << text;
  }
  return whole;
}

struct Good {
  std::string text;
  int status;
  std::string body;
  bool complete = true;
};

TEST(HttpReader, ReadsEveryKindOfBody) {
  const std::vector<Good> all = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"},
      {"HTTP/1.0 503 Service Unavailable\r\ncontent-length:2 \r\n\r\n{}", 503, "{}"},
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, ""},
      {"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nokXX", 200, "ok"},
      {"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end", false},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
       200, "hello!"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00A\r\n0123456789\r\n0\r\nX: "
       "y\r\n\r\n",
       200, "0123456789"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", 401,
       ""},
  };
  for (const Good& good : all) {
    const Outcome outcome = read(good.text);
    EXPECT_EQ(outcome.fault, "") << good.text;
    EXPECT_EQ(outcome.status, good.status) << good.text;
    EXPECT_EQ(outcome.body, good.body) << good.text;
    EXPECT_EQ(outcome.complete, good.complete) << good.text;
  }
}

struct Bad {
  std::string text;
  std::string why;
};

TEST(HttpReader, SaysWhatIsWrong) {
  constexpr const char* kNoHttp = "what answers does not speak HTTP";
  constexpr const char* kCutOff = "the answer was cut off";
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  const std::vector<Bad> all = {
      {"", "it closed the connection without an answer"},
      {"220 mail.example ESMTP\r\n", kNoHttp},
      {"SSH-2.0-OpenSSH", kNoHttp},
      {"HTTP/2 200\r\n\r\n", kNoHttp},
      {"HTTP/1.1 2000 OK\r\n\r\n", kNoHttp},
      {"HTTP/1.1 0x1 OK\r\n\r\n", kNoHttp},
      {"HTTP/1.1 600 What\r\n\r\n", kNoHttp},
      {"HTTP/1.1 200OK\r\n\r\n", kNoHttp},
      {std::string("\0\x01\x02\n", 4), kNoHttp},
      {"HTTP/1.1 20", kCutOff},
      {ok, kCutOff},
      {ok + "Content-Length: 5\r\n\r\nhell", kCutOff},
      {"HTTP/1.1 100 Continue\r\n\r\n", kCutOff},
      {chunked + "5\r\nhel", kCutOff},
      {chunked + "5\r\nhello\r\n", kCutOff},
      {chunked + "5\r\nhello\r\n0\r\n", kCutOff},
      {ok + "no colon\r\n\r\n", "the answer's headers make no sense"},
      {ok + "Content-Length: many\r\n\r\n", "the length that the answer announces makes no sense"},
      {ok + "Content-Length: -1\r\n\r\n", "the length that the answer announces makes no sense"},
      {ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
       "the length that the answer announces makes no sense"},
      {ok + "Content-Length: 67108865\r\n\r\n", "the answer is larger than 64 MiB"},
      {chunked + "4000001\r\n", "the answer is larger than 64 MiB"},
      {chunked + "fffffffffffffffff\r\n", "the answer's chunks make no sense"},
      {chunked + "-1\r\n", "the answer's chunks make no sense"},
      {chunked + "\r\n", "the answer's chunks make no sense"},
      {chunked + "1\r\nab\r\n", "the answer's chunks make no sense"},
      {chunked + std::string(5000, '0'), "the answer's chunks make no sense"},
      {ok + "Transfer-Encoding: gzip, chunked\r\n\r\n",
       "the answer is in an encoding that was not asked for"},
      {ok + "Content-Encoding: gzip\r\n\r\n",
       "the answer is in an encoding that was not asked for"},
  };
  for (const Bad& bad : all)
    EXPECT_EQ(read(bad.text).fault, bad.why) << bad.text;
}

TEST(HttpReader, HasRoomForHeadersOf64KiB) {
  const std::string fit = "HTTP/1.1 200 OK\r\nX: " + std::string(65000, 'x') + "\r\n\r\n";
  EXPECT_EQ(read(fit, fit.size()).fault, "");
  const std::string one = "HTTP/1.1 200 OK\r\nX: " + std::string(65536, 'x');
  EXPECT_THAT(read(one, one.size()).fault, HasSubstr("headers are larger than 64 KiB"));
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 10000; ++i)
    many += "X: yzzy\r\n";
  EXPECT_THAT(read(many, 4096).fault, HasSubstr("headers are larger than 64 KiB"));
  std::string interim;
  for (int i = 0; i < 10000; ++i)
    interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
  EXPECT_NE(read(interim, 4096).fault, "");
}

TEST(HttpReader, HasRoomForABodyOf64MiB) {
  HttpReader reader;
  ASSERT_TRUE(reader.feed("HTTP/1.0 200 OK\r\n\r\n"));
  const std::string piece(1U << 20U, 'x');
  for (int i = 0; i < 64; ++i)
    ASSERT_TRUE(reader.feed(piece));
  const auto fed = reader.feed("x");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error(), "the answer is larger than 64 MiB");
}

RC_GTEST_PROP(HttpReader, TakesWhateverComes, (const std::vector<std::string>& pieces)) {
  HttpReader reader;
  static_cast<void>(reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"));
  for (const auto& piece : pieces)
    static_cast<void>(reader.feed(piece));
  static_cast<void>(reader.finish());
}

}  // namespace
}  // namespace querent::client

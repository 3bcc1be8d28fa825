#include "client/http_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace querent::client {

namespace {

constexpr std::string_view kNoHttp = "what answers does not speak HTTP";
constexpr std::string_view kCutOff = "the answer was cut off";
constexpr std::string_view kTooLarge = "the answer is larger than 64 MiB";
constexpr std::size_t kLongestChunkLine = 4096;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// All of `text`; nothing also where it is larger than any size.
std::optional<std::size_t> parse_size(std::string_view text, int base) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return size;
}

}  // namespace

Result<bool, std::string> HttpReader::feed(std::string_view arrived) {
  if (!complete() && fault_.empty()) unread_ += arrived;
  while (fault_.empty() && !complete() && step()) {
  }
  unread_.erase(0, at_);
  at_ = 0;
  if (!fault_.empty()) return failure(fault_);
  return complete();
}

Result<HttpAnswer, std::string> HttpReader::finish() {
  if (!fault_.empty()) return failure(fault_);
  if (expects_ == Expects::kStatus && unread_.empty() && head_ == 0) {
    return failure(std::string("it closed the connection without an answer"));
  }
  // "HTTP/1.1 2" may have become a good one; "220 mail" never.
  if (head_ == 0 && !unread_.starts_with("HTTP/1")) {
    return failure(std::string(kNoHttp));
  }
  if (!complete() && expects_ != Expects::kClose) return failure(std::string(kCutOff));
  return std::move(answer_);
}

bool HttpReader::step() {
  switch (expects_) {
    case Expects::kLength:
    case Expects::kClose:
    case Expects::kChunk:
      return read_body();
    case Expects::kStatus:
    case Expects::kField:
    case Expects::kChunkSize:
    case Expects::kChunkEnd:
    case Expects::kTrailer:
      return read_line();
    case Expects::kNothing:
      break;
  }
  return false;
}

bool HttpReader::read_line() {
  const bool of_chunk = expects_ == Expects::kChunkSize || expects_ == Expects::kChunkEnd;
  const std::size_t most = of_chunk ? kLongestChunkLine : kMostHead - head_;
  const auto rest = std::string_view(unread_).substr(at_);
  const auto end = rest.find('\n');
  const std::size_t size = end == std::string_view::npos ? rest.size() : end + 1;
  if (size > most) {
    fail(of_chunk                       ? "the answer's chunks make no sense"
         : expects_ == Expects::kStatus ? std::string(kNoHttp)
                                        : "the answer's headers are larger than 64 KiB");
    return false;
  }
  if (end == std::string_view::npos) return false;
  at_ += size;
  if (!of_chunk) head_ += size;
  auto line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  understand(line);
  return fault_.empty();
}

bool HttpReader::read_body() {
  const auto rest = std::string_view(unread_).substr(at_);
  const bool bounded = expects_ != Expects::kClose;
  const auto part = bounded ? rest.substr(0, missing_) : rest;
  if (part.size() > kMostBody - answer_.body.size()) {
    fail(std::string(kTooLarge));
    return false;
  }
  answer_.body += part;
  at_ += part.size();
  if (!bounded) return false;
  missing_ -= part.size();
  if (missing_ > 0) return false;
  expects_ = expects_ == Expects::kChunk ? Expects::kChunkEnd : Expects::kNothing;
  return true;
}

void HttpReader::understand(std::string_view line) {
  switch (expects_) {
    case Expects::kStatus:
      return understand_status(line);
    case Expects::kField:
      return line.empty() ? end_head() : understand_field(line);
    case Expects::kChunkSize:
      return understand_chunk_size(line);
    case Expects::kChunkEnd:
      expects_ = Expects::kChunkSize;
      if (!line.empty()) fail("the answer's chunks make no sense");
      return;
    case Expects::kTrailer:
      if (line.empty()) expects_ = Expects::kNothing;
      return;
    case Expects::kLength:
    case Expects::kClose:
    case Expects::kChunk:
    case Expects::kNothing:
      break;
  }
}

// "HTTP/1.1 200 OK": RFC 9112 section 4.
void HttpReader::understand_status(std::string_view line) {
  constexpr std::size_t kBeforeCode = 9;  // "HTTP/1.1 "
  const bool is_http = line.size() >= kBeforeCode + 3 &&
                       (line.starts_with("HTTP/1.0 ") || line.starts_with("HTTP/1.1 "));
  if (!is_http) return fail(std::string(kNoHttp));
  const auto rest = line.substr(kBeforeCode);
  const auto code = parse_size(rest.substr(0, 3), 10);
  if (!code || *code < 100 || *code > 599 || (rest.size() > 3 && rest[3] != ' ')) {
    return fail(std::string(kNoHttp));
  }
  answer_.status = static_cast<int>(*code);
  expects_ = Expects::kField;
}

void HttpReader::understand_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return fail("the answer's headers make no sense");
  const auto name = line.substr(0, colon);
  const auto value = without_blanks(line.substr(colon + 1));
  if (is_same_word(name, "Content-Length")) understand_length(value);
  if (is_same_word(name, "Transfer-Encoding") && !is_same_word(value, "identity")) {
    chunked_ = is_same_word(value, "chunked");
    if (!chunked_) fail("the answer is in an encoding that was not asked for");
  }
  if (is_same_word(name, "Content-Encoding") && !is_same_word(value, "identity")) {
    fail("the answer is in an encoding that was not asked for");
  }
}

void HttpReader::understand_length(std::string_view value) {
  const auto length = parse_size(value, 10);
  if (!length || (length_ && *length_ != *length)) {
    return fail("the length that the answer announces makes no sense");
  }
  if (*length > kMostBody) return fail(std::string(kTooLarge));
  length_ = length;
}

void HttpReader::understand_chunk_size(std::string_view line) {
  const auto size = parse_size(without_blanks(line.substr(0, line.find(';'))), 16);
  if (!size) return fail("the answer's chunks make no sense");
  if (*size > kMostBody - answer_.body.size()) return fail(std::string(kTooLarge));
  missing_ = *size;
  expects_ = *size == 0 ? Expects::kTrailer : Expects::kChunk;
}

// Which body follows: RFC 9112 section 6.3.
void HttpReader::end_head() {
  constexpr int kNoContent = 204;
  constexpr int kNotModified = 304;
  const int status = answer_.status;
  if (status < 200) {  // an interim answer, before the one that counts
    length_.reset();
    chunked_ = false;
    expects_ = Expects::kStatus;
  } else if (status == kNoContent || status == kNotModified) {
    expects_ = Expects::kNothing;
  } else if (chunked_) {
    expects_ = Expects::kChunkSize;
  } else if (length_) {
    missing_ = *length_;
    expects_ = missing_ == 0 ? Expects::kNothing : Expects::kLength;
  } else {
    expects_ = Expects::kClose;
  }
}

}  // namespace querent::client

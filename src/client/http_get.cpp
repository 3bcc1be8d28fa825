#include "client/http_get.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include "client/host_lookup.hpp"
#include "os/clock.hpp"

namespace querent::client {

namespace {

using Kind = HttpFault::Kind;

std::string words_of(int number) {
  return std::generic_category().message(number);
}

std::string within(Duration patience) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  if (ms % 1000 == 0) return std::to_string(ms / 1000) + "s";
  if (ms % 100 == 0) return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + "s";
  return std::to_string(ms) + "ms";
}

std::string text_of(const HttpGet& request) {
  std::string text = "GET " + request.url.prefix + request.target + " HTTP/1.1\r\n";
  text += "Host: " + request.url.authority() + "\r\n";
  text += "User-Agent: querent\r\nAccept: */*\r\nAccept-Encoding: identity\r\n";
  if (!request.user.empty()) text += "Authorization: Basic " + base64(request.user) + "\r\n";
  return text + "Connection: close\r\n\r\n";
}

class Exchange {
 public:
  explicit Exchange(const HttpGet& request)
      : request_(request), until_(os::now() + request.patience) {}

  Result<HttpAnswer, HttpFault> run() {
    if (auto connected = connect(); !connected) return failure(connected.error());
    if (auto sent = send(text_of(request_)); !sent) return failure(sent.error());
    return receive();
  }

 private:
  tl::unexpected<HttpFault> late(Kind kind, const std::string& what) const {
    return failure(HttpFault{kind, what + " within " + within(request_.patience)});
  }

  static tl::unexpected<HttpFault> interrupted() {
    return failure(HttpFault{Kind::kInterrupted, "interrupted"});
  }

  Result<void, HttpFault> connect() {
    const auto found = look_up(request_.url.host, request_.url.port, until_, request_.interrupt);
    if (!found) {
      const LookupFault& fault = found.error();
      if (fault.ended == Wait::kInterrupted) return interrupted();
      if (fault.ended == Wait::kLate) return late(Kind::kUnreachable, "no address of it");
      return failure(HttpFault{Kind::kUnreachable, fault.why});
    }
    Result<void, HttpFault> last;
    for (std::size_t i = 0; i < found->size(); ++i) {
      // A silent address leaves the others their share of the time.
      const auto share = (until_ - os::now()) / static_cast<long>(found->size() - i);
      last = connect(found->at(i), os::now() + share);
      if (last || last.error().kind == Kind::kInterrupted) break;
    }
    return last;
  }

  Result<void, HttpFault> connect(const net::SocketAddress& address, Instant until) {
    constexpr int kType = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
    socket_ = os::Fd(::socket(address.storage.ss_family, kType, 0));
    const auto refused = [](int number) {
      return failure(HttpFault{Kind::kUnreachable, words_of(number)});
    };
    if (!socket_) return refused(errno);
    if (::connect(socket_.number(), address.get(), address.length) == 0) return {};
    if (errno != EINPROGRESS && errno != EINTR) return refused(errno);
    const Wait ended = wait_for(socket_, POLLOUT, until, request_.interrupt);
    if (ended == Wait::kInterrupted) return interrupted();
    if (ended == Wait::kLate) return late(Kind::kUnreachable, "no connection");
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return refused(error);
    return {};
  }

  Result<void, HttpFault> send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        text.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      if (errno == EINTR) continue;
      // Whoever has closed already may have answered before.
      if (errno != EAGAIN) return {};
      const Wait ended = wait_for(socket_, POLLOUT, until_, request_.interrupt);
      if (ended == Wait::kInterrupted) return interrupted();
      if (ended == Wait::kLate) return late(Kind::kBadAnswer, "no answer");
    }
    return {};
  }

  Result<HttpAnswer, HttpFault> receive() {
    constexpr std::size_t kRoom = 65536;
    const auto room = std::make_unique<std::array<char, kRoom>>();
    HttpReader reader;
    while (true) {
      // Asked every time: also who never stops to send is to stop.
      const Wait ended = wait_for(socket_, POLLIN, until_, request_.interrupt);
      if (ended == Wait::kInterrupted) return interrupted();
      if (ended == Wait::kLate || os::now() >= until_) {
        return late(Kind::kBadAnswer, begun_ ? "no complete answer" : "no answer");
      }
      const auto got = ::recv(socket_.number(), room->data(), room->size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      const bool closed = got <= 0;
      begun_ = begun_ || !closed;
      const auto arrived =
          std::string_view(room->data(), closed ? 0 : static_cast<std::size_t>(got));
      auto complete = reader.feed(arrived);
      if (complete && !*complete && !closed) continue;
      if (got < 0 && complete && !*complete) return bad(reset());
      auto answer = reader.finish();
      if (!answer) return bad(std::move(answer.error()));
      return std::move(*answer);
    }
  }

  std::string reset() const {
    return begun_ ? "the answer was cut off" : "it closed the connection without an answer";
  }

  static tl::unexpected<HttpFault> bad(std::string why) {
    return failure(HttpFault{Kind::kBadAnswer, std::move(why)});
  }

  const HttpGet& request_;
  Instant until_;
  os::Fd socket_;
  bool begun_ = false;  // something of an answer arrived
};

}  // namespace

Result<HttpAnswer, HttpFault> http_get(const HttpGet& request) {
  return Exchange(request).run();
}

std::string base64(std::string_view octets) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = i; j < i + 3; ++j)
      bits = bits << 8U | (j < octets.size() ? static_cast<std::uint8_t>(octets[j]) : 0U);
    const std::size_t whole = std::min<std::size_t>(octets.size() - i, 3) + 1;
    for (std::size_t j = 0; j < 4; ++j)
      text += j < whole ? kDigits[bits >> (18U - 6U * j) & 0x3FU] : '=';
  }
  return text;
}

}  // namespace querent::client

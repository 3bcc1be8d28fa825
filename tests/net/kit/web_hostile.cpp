#include "web_hostile.hpp"

#include <array>
#include <poll.h>
#include <sys/socket.h>

#include "base/random.hpp"
#include "os/clock.hpp"

namespace querent::test {

namespace {

// What a kind may use while it is at it.
struct Client {
  WebPlace place{};
  Random random{0};
  const std::atomic<bool>& over;

  os::Fd connect() const { return connect_web(place); }
};

// Until the other side has had enough, or it is over. What comes is thrown away.
bool is_open_after(const os::Fd& socket, Duration pause) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(pause).count();
  pollfd waiting{socket.number(), POLLIN | POLLRDHUP, 0};
  if (::poll(&waiting, 1, static_cast<int>(milliseconds)) == 0) return true;
  std::array<char, 4096> part{};
  return ::recv(socket.number(), part.data(), part.size(), MSG_DONTWAIT) > 0;
}

// Octet by octet.
void drip(Client& client, const std::string& begin, const std::string& text) {
  const auto socket = client.connect();
  if (!socket || !write_all(socket, begin)) return;
  for (std::size_t at = 0; !client.over; ++at) {
    if (!write_all(socket, text.substr(at % text.size(), 1))) return;
    if (!is_open_after(socket, 50ms)) return;
  }
}

void slowloris(Client& client) {
  drip(client, "", "GET /metrics HTTP/1.1\r\nHost: querent\r\nX-Drip: drip\r\nX-Drip: drip");
}

void dripped_body(Client& client) {
  drip(client, "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n", "abc");
}

void dripped_body_of_get(Client& client) {
  drip(client, "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n", "abc");
}

void dripped_chunks(Client& client) {
  drip(client, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n");
}

void endless_headers(Client& client) {
  const auto socket = client.connect();
  if (!socket || !write_all(socket, "GET / HTTP/1.1\r\n")) return;
  while (!client.over && write_all(socket, "X-Header: " + std::string(1000, 'x') + "\r\n")) {
  }
}

void big_body(Client& client) {
  const auto socket = client.connect();
  if (!socket) return;
  write_all(socket, "POST /api/v1/status HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  const std::string part(100'000, 'b');
  for (int sent = 0; sent < 1000 && !client.over; ++sent)
    if (!write_all(socket, part)) return;
  read_all(socket);
}

void bad_methods(Client& client) {
  constexpr std::array kMethods{"POST", "DELETE", "CONNECT", "get", "G E T", "\x01\x02", "TRACE"};
  const auto* const method = kMethods.at(client.random.below(kMethods.size()));
  ask_web({.path = "/metrics", .method = method}, client.place);
}

void traversal(Client& client) {
  constexpr std::array kPaths{"/../../etc/passwd",
                              "/%2e%2e/%2e%2e/etc/passwd",
                              "/..\\..\\etc",
                              "//etc/passwd",
                              "/%00",
                              "/%zz",
                              "http://a/../x",
                              "*",
                              ""};
  const auto answer =
      ask_web({.path = kPaths.at(client.random.below(kPaths.size()))}, client.place);
  EXPECT_EQ(answer.body.find("root:"), std::string::npos);
}

void pipelining(Client& client) {
  std::string many;
  for (int request = 0; request < 200; ++request)
    many += WebRequest{.path = "/metrics", .headers = {"Connection: keep-alive"}}.text();
  tell_web(many, client.place);
}

void half_open(Client& client) {
  const auto socket = client.connect();
  if (!socket || !write_all(socket, "GET / HT")) return;
  ::shutdown(socket.number(), SHUT_WR);
  while (!client.over && is_open_after(socket, 100ms)) {
  }
}

void silent(Client& client) {
  const auto socket = client.connect();
  while (socket && !client.over && is_open_after(socket, 100ms)) {
  }
}

void reset(Client& client) {
  const auto socket = client.connect();
  if (!socket) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (client.random.below(2) == 0) write_all(socket, WebRequest{.path = "/metrics"}.text());
}

void garbage(Client& client) {
  std::string noise;
  for (int octet = 0; octet < 3000; ++octet)
    noise += static_cast<char>(client.random.below(256));
  if (client.random.below(2) == 0) noise += "\r\n\r\n";
  tell_web(noise, client.place);
}

void huge_uri(Client& client) {
  const std::size_t size = std::size_t{1000} << client.random.below(10);
  ask_web({.path = "/metrics?" + std::string(size, 'a')}, client.place);
}

void slow_reader(Client& client) {
  auto place = client.place;
  place.receive_buffer = 1;
  const auto socket = connect_web(place);
  if (!socket) return;
  write_all(socket, WebRequest{.path = "/"}.text());
  std::array<char, 16> part{};
  while (!client.over && ::recv(socket.number(), part.data(), part.size(), 0) > 0)
    ::poll(nullptr, 0, 20);
}

struct Kind {
  const char* name;
  void (*act)(Client&);
};

constexpr std::array<Kind, 15> kKinds{{
    {"slowloris", slowloris},
    {"dripped body", dripped_body},
    {"dripped body of GET", dripped_body_of_get},
    {"dripped chunks", dripped_chunks},
    {"endless headers", endless_headers},
    {"100 MB body", big_body},
    {"bad methods", bad_methods},
    {"traversal", traversal},
    {"pipelining", pipelining},
    {"half open", half_open},
    {"silent", silent},
    {"reset", reset},
    {"garbage", garbage},
    {"huge URI", huge_uri},
    {"slow reader", slow_reader},
}};

}  // namespace

HostileCrowd::HostileCrowd(const lab::Namespace& where, std::size_t clients) {
  for (std::size_t number = 0; number < clients; ++number)
    clients_.emplace_back([this, &where, number] { live(where, number); });
}

HostileCrowd::~HostileCrowd() {
  over_ = true;
  for (auto& client : clients_)
    client.join();
}

std::map<std::string, int> HostileCrowd::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

void HostileCrowd::live(const lab::Namespace& where, std::size_t number) {
  const auto& kind = kKinds.at(number % kKinds.size());
  const auto octet = static_cast<std::uint8_t>(number % 5);
  good(where.inside([&] {
    Client client{.place = {.client = Address::v4(127, 0, 1, octet)},
                  .random = Random(number),
                  .over = over_};
    while (!over_) {
      kind.act(client);
      const std::lock_guard lock(mutex_);
      ++done_[kind.name];
    }
  }));
}

}  // namespace querent::test

#include "web_kit.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>

#include "net/socket_address.hpp"
#include "os/clock.hpp"

namespace querent::test {

namespace {

constexpr timeval kSlowest{.tv_sec = 10, .tv_usec = 0};

std::string lower(std::string_view text) {
  std::string all(text);
  for (char& c : all)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return all;
}

WebAnswer parse(const std::string& octets, Duration took) {
  WebAnswer answer{.took = took};
  const auto end = octets.find("\r\n\r\n");
  if (!octets.starts_with("HTTP/1.") || end == std::string::npos) return answer;
  answer.status = std::atoi(octets.c_str() + octets.find(' '));
  answer.head = octets.substr(0, end + 2);
  answer.body = octets.substr(end + 4);
  return answer;
}

}  // namespace

std::optional<std::string> WebAnswer::header(std::string_view name) const {
  const std::string wanted = fmt::format("\r\n{}: ", lower(name));
  const auto at = lower(head).find(wanted);
  if (at == std::string::npos) return std::nullopt;
  const auto from = at + wanted.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

bool WebAnswer::is_whole() const {
  const auto length = header("Content-Length");
  return status != 0 && length && std::to_string(body.size()) == *length;
}

nlohmann::json WebAnswer::json() const {
  auto parsed = nlohmann::json::parse(body, nullptr, false);
  EXPECT_FALSE(parsed.is_discarded()) << said();
  return parsed;
}

std::string WebAnswer::said() const {
  return fmt::format("{} {}", status, body);
}

std::string WebRequest::text() const {
  std::string text = fmt::format("{} {} {}\r\nHost: querent\r\n", method, path, version);
  for (const auto& header : headers)
    text += header + "\r\n";
  return text + "\r\n";
}

lab::Process start_served(const lab::Namespace& where, const std::vector<std::string>& arguments,
                          const WebPlace& place) {
  auto process = start_querent(where, arguments);
  good(where.inside([&] {
    const Instant until = os::now() + kPatience;
    while (!connect_web(place) && os::now() < until)
      std::this_thread::yield();
  }));
  return process;
}

os::Fd connect_web(const WebPlace& place) {
  os::Fd socket(::socket(place.server.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_TRUE(socket);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &kSlowest, sizeof kSlowest);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &kSlowest, sizeof kSlowest);
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (place.receive_buffer > 0) {
    ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &place.receive_buffer,
                 sizeof place.receive_buffer);
  }
  const int scope = static_cast<int>(::if_nametoindex(lab::Lan::kInterface));
  const auto client = net::socket_address(place.client, 0, scope);
  const auto server = net::socket_address(place.server, place.port, scope);
  if (::bind(socket.number(), client.get(), client.length) != 0) return {};
  if (::connect(socket.number(), server.get(), server.length) != 0) return {};
  return socket;
}

bool write_all(const os::Fd& socket, std::string_view text) {
  while (!text.empty()) {
    const auto size = ::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string read_all(const os::Fd& socket) {
  std::string all;
  std::array<char, 65536> part{};
  for (;;) {
    const auto size = ::recv(socket.number(), part.data(), part.size(), 0);
    if (size <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(size));
  }
}

WebAnswer tell_web(std::string_view octets, const WebPlace& place) {
  const Instant begin = os::now();
  const auto socket = connect_web(place);
  if (!socket) return {};
  write_all(socket, octets);
  const auto answer = read_all(socket);
  return parse(answer, os::now() - begin);
}

WebAnswer ask_web(const WebRequest& request, const WebPlace& place) {
  return tell_web(request.text(), place);
}

WebAnswer ask_web(const lab::Namespace& where, const WebRequest& request, const WebPlace& place) {
  WebAnswer answer;
  good(where.inside([&] { answer = ask_web(request, place); }));
  return answer;
}

WebAnswer get(const lab::Namespace& where, const std::string& path) {
  return ask_web(where, {.path = path});
}

std::optional<double> metric(std::string_view metrics, const std::string& series) {
  const std::string line = "\n" + series + " ";
  const auto at = metrics.find(line);
  if (at == std::string_view::npos) return std::nullopt;
  return std::atof(std::string(metrics.substr(at + line.size(), 32)).c_str());
}

Lateness lateness(const std::string& metrics, const std::string& interface, Family family) {
  const auto at_most = [&](std::string_view seconds) {
    const auto series = fmt::format(
        R"(querent_query_lateness_seconds_bucket{{interface="{}",family="{}",le="{}"}})", interface,
        name(family), seconds);
    const auto count = metric(metrics, series);
    EXPECT_TRUE(count) << series;
    return count.value_or(0);
  };
  const double all = at_most("+Inf");
  return {all, all - at_most("0.01"), all - at_most("0.1")};
}

void print_lateness(const std::string& metrics) {
  constexpr std::string_view kLine = "\nquerent_query_lateness_seconds_bucket{";
  for (auto at = metrics.find(kLine); at != std::string::npos; at = metrics.find(kLine, at + 1))
    fmt::print("  {}\n", metrics.substr(at + 1, metrics.find('\n', at + 1) - at - 1));
}

WebAnswer await_status(const lab::Namespace& where, const std::string& path, int status,
                       Duration patience) {
  const Instant until = os::now() + patience;
  for (;;) {
    auto answer = get(where, path);
    if (answer.status == status || os::now() >= until) return answer;
    std::this_thread::yield();
  }
}

HeldThread::HeldThread(pid_t thread) : thread_(thread) {
  EXPECT_EQ(::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr), 0) << errno;
  EXPECT_EQ(::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr), 0) << errno;
  int status = 0;
  EXPECT_EQ(::waitpid(thread, &status, __WALL), thread) << errno;
  EXPECT_TRUE(WIFSTOPPED(status));
}

HeldThread::~HeldThread() {
  EXPECT_EQ(::ptrace(PTRACE_DETACH, thread_, nullptr, nullptr), 0) << errno;
}

std::size_t threads_of(const lab::Process& process) {
  const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(process.pid()) +
                                                  "/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

}  // namespace querent::test

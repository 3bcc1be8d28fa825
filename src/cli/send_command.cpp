#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.hpp"
#include "base/random.hpp"
#include "cli/choose_interface.hpp"
#include "cli/command_loop.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/live_line.hpp"
#include "cli/stream_arguments.hpp"
#include "cli/text_table.hpp"
#include "net/udp_socket.hpp"
#include "os/clock.hpp"
#include "os/privileges.hpp"
#include "probe/stream.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

constexpr double kSlowest = 0.001;  // datagrams a second
constexpr double kFastest = 100'000;
constexpr Duration kShortest = 10us;
constexpr Duration kLongest = 1000s;
constexpr std::uint64_t kMostDatagrams = std::uint64_t{1} << 62U;

struct Options {
  std::string interface;
  std::vector<std::string> groups;
  double rate = 10;
  std::string interval;
  std::uint64_t count = 0;
  std::string duration;
  std::size_t size = 200;
  unsigned ttl = 1;
  bool no_loop = false;
  std::uint16_t source_port = 0;
  bool verbose = false;
};

struct Target {
  net::UdpChannel channel;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  int last_error = 0;
};

struct Plan {
  std::vector<Target> targets;
  Duration interval{};
  std::uint64_t count = kMostDatagrams;  // to each target
  std::optional<Duration> duration;
  std::size_t size = 0;
};

std::string interval_fault(const std::string& text) {
  const Duration interval = parse_duration(text).value_or(Duration{0});
  if (interval >= kShortest && interval <= kLongest) return {};
  return fmt::format("it must be from {} to {}", duration_text(kShortest), duration_text(kLongest));
}

Duration interval_of(const Options& options) {
  if (!options.interval.empty()) return parse_duration(options.interval).value_or(1s);
  return scaled(1s, 1 / options.rate);
}

// One run: numbers, sends, counts.
class Sending {
 public:
  Sending(Plan plan, std::map<Family, net::UdpSender> senders, bool verbose)
      : plan_(std::move(plan)),
        senders_(std::move(senders)),
        live_(verbose),
        begin_(os::now()),
        end_(plan_.duration ? begin_ + *plan_.duration : kNever),
        pace_(begin_, plan_.interval),
        next_live_(begin_ + 1s),
        stream_(Random::mixed(static_cast<std::uint64_t>(
            std::chrono::system_clock::now().time_since_epoch().count()))) {}

  // Sends what is due. When to be called again; nothing: all is sent, or nothing can
  // be.
  std::optional<Instant> turn() {
    const Instant now = os::now();
    const std::uint64_t most =
        std::max<std::uint64_t>(probe::Pace::kMostAtOnce / plan_.targets.size(), 1);
    const std::uint64_t due =
        std::min(pace_.take_due(std::min(now, end_ - 1ns), most), plan_.count - number_);
    for (std::uint64_t i = 1; i <= due; ++i) {
      const bool over = number_ + 1 == plan_.count || pace_.next() >= end_ || now >= end_;
      send(i == due && over);
    }
    if (now >= end_ && number_ < plan_.count) pace_.leave_out(end_);
    if (refused_ || number_ == plan_.count || pace_.next() >= end_) return {};
    if (!live_.wanted()) return pace_.next();
    if (now >= next_live_) {
      next_live_ += (now - next_live_) / 1s * 1s + 1s;
      live_.show(progress(now));
    }
    return std::min(pace_.next(), next_live_);
  }

  // When it is stopped before its time: says so to the receivers.
  void cut_short() {
    if (!ended_) send(true);
  }

  // Somebody was sent nothing at all; why is said already.
  bool refused() const { return refused_; }

  int finish() {
    live_.clear();
    std::vector<std::vector<std::string>> rows;
    bool failed = false;
    for (const Target& target : plan_.targets) {
      failed = failed || target.failed > 0;
      rows.push_back({probe::to_string(target.channel), std::to_string(target.sent),
                      std::to_string(target.failed), std::to_string(target.sent * plan_.size)});
    }
    std::string text =
        text_table({{"GROUP"}, {"SENT", true}, {"FAILED", true}, {"OCTETS", true}}, rows);
    if (pace_.left_out() > 0) {
      text += fmt::format(
          "this host was too slow: {} datagrams to each group could not be sent in time\n",
          pace_.left_out());
    }
    const int written = print(text);
    return failed ? kFailed : written;
  }

 private:
  void send(bool last) {
    const probe::StreamDatagram datagram{.stream = stream_,
                                         .number = number_++,
                                         .sent = os::now().time_since_epoch(),
                                         .interval = plan_.interval,
                                         .last = last};
    const Bytes octets = probe::encode_stream(datagram, plan_.size);
    for (Target& target : plan_.targets)
      send(target, octets);
    ended_ = last;
  }

  void send(Target& target, const Bytes& octets) {
    const net::UdpChannel& to = target.channel;
    const auto sent = senders_.at(to.group.family()).send(to.group, to.port, octets);
    if (sent) {
      ++target.sent;
      target.last_error = 0;
      return;
    }
    ++target.failed;
    refused_ = refused_ || target.sent == 0;
    if (std::exchange(target.last_error, sent.error().number) == sent.error().number) return;
    live_.clear();
    complain(kFailed, probe::to_string(to), sent.error().to_string());
  }

  std::string progress(Instant now) const {
    const std::string to = plan_.targets.size() == 1
                               ? probe::to_string(plan_.targets.front().channel)
                               : fmt::format("each of {} groups", plan_.targets.size());
    return fmt::format("{}: {} sent to {}", in_words(now - begin_), number_, to);
  }

  Plan plan_;
  std::map<Family, net::UdpSender> senders_;
  LiveLine live_;
  Instant begin_;
  Instant end_;
  probe::Pace pace_;
  Instant next_live_;
  std::uint64_t stream_;
  std::uint64_t number_ = 0;  // of the next datagram
  bool ended_ = false;
  bool refused_ = false;
};

Result<std::map<Family, net::UdpSender>, os::SysError> open_senders(
    const Options& options, const net::Interface& interface, const std::vector<Target>& targets) {
  std::map<Family, net::UdpSender> senders;
  for (const Target& target : targets) {
    const Family family = target.channel.group.family();
    if (senders.contains(family)) continue;
    auto sender = net::UdpSender::open({.interface_index = interface.index,
                                        .family = family,
                                        .ttl = static_cast<std::uint8_t>(options.ttl),
                                        .loop = !options.no_loop,
                                        .source_port = options.source_port});
    if (!sender) return failure(sender.error());
    senders.emplace(family, std::move(*sender));
  }
  return senders;
}

// What the kernel would not say: it takes the address of another interface instead. Nothing: there
// is an address to send from.
std::optional<int> complain_of_no_address(const net::Interface& interface, Family family) {
  bool tentative = false;
  for (const auto& own : interface.addresses) {
    if (own.address.family() != family) continue;
    if (!own.tentative) return std::nullopt;
    tentative = true;
  }
  if (tentative) {
    return complain(kFailed, interface.name,
                    "its IPv6 address is still tentative (duplicate address detection), or another "
                    "host has it, too",
                    "try again in two seconds");
  }
  return complain(
      kFailed, interface.name,
      fmt::format("it has no {} address to send from", family == Family::kIPv4 ? "IPv4" : "IPv6"),
      "give it one: ip address add ADDRESS/LENGTH dev " + interface.name);
}

// Only a port can be forbidden.
int complain_of_sender(const os::SysError& error, const std::string& interface) {
  if (error.number != EACCES) return complain(kFailed, interface, error.to_string());
  return complain(kPermission, interface, error.to_string(),
                  std::string(os::advice(os::Capability::kNetBindService)));
}

int send_as_planned(CommandLoop& loop, Sending& sending) {
  const auto ran = loop.run([&] { return sending.turn(); });
  if (!ran) return complain(kFailed, "send", ran.error().to_string());
  if (sending.refused()) return kFailed;
  sending.cut_short();
  return sending.finish();
}

int send(const Options& options) {
  const auto channels = parse_channels(options.groups);
  if (!channels) return complain(kUsage, "GROUP", channels.error());
  Plan plan{.interval = interval_of(options),
            .duration = optional_duration(options.duration),
            .size = options.size};
  if (options.count > 0) plan.count = options.count;
  const auto interface = choose_interface(options.interface);
  if (!interface) return complain(kFailed, options.interface, interface.error());
  for (const net::UdpChannel& channel : *channels) {
    if (const auto code = complain_of_no_address(*interface, channel.group.family())) return *code;
    plan.targets.push_back({.channel = channel});
  }
  auto senders = open_senders(options, *interface, plan.targets);
  if (!senders) return complain_of_sender(senders.error(), interface->name);
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, "send", loop.error().to_string());
  Sending sending(std::move(plan), std::move(*senders), options.verbose);
  return send_as_planned(*loop, sending);
}

std::string group_fault(const std::string& text) {
  const auto channel = probe::parse_channel(text);
  if (channel && channel->source) return "a sender does not choose its source; leave out the @";
  return channel ? std::string{} : channel.error();
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_option(app, "GROUP", options->groups,
             "the groups to send to: GROUP or GROUP:PORT (5004), in IPv6 [GROUP]:PORT")
      .required()
      .group("What")
      .check(group_fault);
  add_option(app, "-i,--interface", options->interface, "where to send: a name or an index")
      .type_name("IF")
      .required()
      .group("What");
  add_option(app, "--size", options->size,
             "octets of each datagram without its IP and UDP headers: 44 to 65507; 200 unless "
             "said")
      .type_name("N")
      .group("What")
      .check(range_fault(probe::kSmallestDatagram, probe::kLargestDatagram));
  add_option(
      app, "--ttl", options->ttl,
      "0 to 255, in IPv6 the hop limit; 1, which no router forwards, unless said; 0 stays on "
      "this host")
      .type_name("N")
      .group("What")
      .check(range_fault(0, 255));
  add_option(app, "--source-port", options->source_port, "the UDP port to send from")
      .type_name("PORT")
      .group("What")
      .check(range_fault(1, 65535));
  add_flag(app, "--no-loop", options->no_loop, "receivers on this host do not hear it")
      .group("What");
  const auto rate = add_option(app, "--rate", options->rate,
                               "datagrams a second to each group: 0.001 to 100000; 10 unless "
                               "said")
                        .type_name("PPS")
                        .group("How often and how long (until Ctrl-C unless said)")
                        .check(range_fault(kSlowest, kFastest));
  add_option(app, "--interval", options->interval, "time between two of them, instead of a rate")
      .type_name("D")
      .group("How often and how long (until Ctrl-C unless said)")
      .check(interval_fault)
      .excludes(rate);
  add_option(app, "--count", options->count, "ends after so many datagrams to each group")
      .type_name("N")
      .group("How often and how long (until Ctrl-C unless said)")
      .check(range_fault(1, 1e15));
  add_option(app, "--duration", options->duration, "ends after this time")
      .type_name("D")
      .group("How often and how long (until Ctrl-C unless said)")
      .check(duration_fault);
  add_flag(app, "-v,--verbose", options->verbose,
           "a line a second on stderr, also when it is no terminal")
      .group("Output");
  return [options] { return send(*options); };
}

}  // namespace

Command send_command() {
  return {.name = "send",
          .summary = "sends a test stream: numbered datagrams that `querent join` understands",
          .examples = R"(  querent send -i eth0 239.1.2.3
      ten datagrams a second to port 5004, until Ctrl-C
  querent send -i eth0 --rate 50 --size 1452 --ttl 2 --duration 1m 239.1.2.3 239.1.2.4:5006
      a minute of two streams like 48 kHz audio, across one router
  querent send -i eth0 ff15::1:2:3 '[ff15::1:2:4]:5006'
      over IPv6
  querent join -i eth0 239.1.2.3
      on the receiving host: what is missing
)",
          .declare = declare};
}

}  // namespace querent::cli

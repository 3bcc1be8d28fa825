#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/choose_interface.hpp"
#include "cli/command_loop.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/live_line.hpp"
#include "cli/stream_arguments.hpp"
#include "cli/stream_report.hpp"
#include "net/link_monitor.hpp"
#include "net/udp_socket.hpp"
#include "os/clock.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

// Datagrams that wait when the time is over belong to it; a flood must not keep us from ending.
constexpr int kLastBatches = 256;
constexpr double kMostCounted = 1e15;

struct Options {
  std::string interface;
  std::vector<std::string> groups;
  std::string duration;
  std::uint64_t count = 0;
  bool expect_no_loss = false;
  std::string max_gap;
  std::string start_within;
  bool json = false;
  bool verbose = false;
};

struct Member {
  net::UdpChannel channel;
  net::UdpReceiver receiver;
  probe::StreamStatistics statistics;
};

class Joining {
 public:
  Joining(const Options& options, net::LinkMonitor monitor, const net::Interface& interface)
      : interface_(interface.name),
        index_(interface.index),
        monitor_(std::move(monitor)),
        count_(options.count),
        expectations_{.no_loss = options.expect_no_loss,
                      .max_gap = optional_duration(options.max_gap),
                      .start_within = optional_duration(options.start_within)},
        live_(options.verbose),
        begin_(os::now()),
        next_live_(begin_ + 1s) {
    if (const auto duration = optional_duration(options.duration)) end_ = begin_ + *duration;
    if (expectations_.start_within) start_by_ = begin_ + *expectations_.start_within;
  }

  os::SysResult<void> join(const net::UdpChannel& channel) {
    auto receiver = net::UdpReceiver::open(index_, channel);
    if (!receiver) return failure(receiver.error());
    members_.push_back(std::make_unique<Member>(
        Member{channel, std::move(*receiver), probe::StreamStatistics(os::now())}));
    return {};
  }

  os::SysResult<void> watch(CommandLoop& loop) {
    if (auto watched = loop.watch(monitor_.fd(), [this] { read_links(); }); !watched) {
      return watched;
    }
    for (const auto& member : members_) {
      const auto read = [this, &member = *member] { receive(member); };
      if (auto watched = loop.watch(member->receiver.fd(), read); !watched) return watched;
    }
    return {};
  }

  // A script that waits for it can start to send.
  void say_joined() {
    if (live_.wanted()) live_.show(interface_ + ": joined");
  }

  // When to be called again; nothing: it is over.
  std::optional<Instant> turn() {
    const Instant now = os::now();
    if (now >= start_by_) {
      start_by_ = kNever;
      if (!have_all_begun()) return {};
    }
    if (now >= end_ || fault_ || (count_ > 0 && have_all_come())) return {};
    if (!live_.wanted()) return std::min(end_, start_by_);
    if (now >= next_live_) {
      while (next_live_ <= now)
        next_live_ += 1s;
      live_.show(to_live_line(result(now)));
    }
    return std::min({end_, start_by_, next_live_});
  }

  int finish(bool json) {
    const Instant end = std::min(os::now(), end_);
    for (const auto& member : members_)
      receive_last(*member, end);
    live_.clear();
    const JoinResult all = result(end);
    auto missing = shortcomings(all, expectations_);
    if (fault_) missing.push_back({interface_, *fault_, {}});
    const int written = print(json ? to_json(all, missing) : to_table(all));
    for (const auto& [what, why, attempt] : missing)
      complain(kFailed, what, why, attempt);
    return missing.empty() ? written : kFailed;
  }

 private:
  std::size_t receive(Member& member) {
    const auto datagrams = member.receiver.receive(batch_);
    if (!datagrams) {
      fault_ = datagrams.error().to_string();
      return 0;
    }
    for (const net::ReceivedDatagram& datagram : *datagrams) {
      if (datagram.arrived < end_) member.statistics.take(datagram);
    }
    return datagrams->size();
  }

  // The sockets would only be silent.
  void read_links() {
    const auto events = monitor_.read();
    if (!events) {
      fault_ = events.error().to_string();
      return;
    }
    for (const net::LinkEvent& event : *events) {
      const bool gone = event.kind == net::LinkEvent::Kind::kGone;
      if (gone && event.interface.index == index_) fault_ = "it is gone";
    }
  }

  void receive_last(Member& member, Instant end) {
    end_ = std::min(end_, end);
    for (int i = 0; i < kLastBatches && !fault_; ++i) {
      if (receive(member) == 0) return;
    }
  }

  bool have_all_come() const {
    return std::all_of(members_.begin(), members_.end(), [this](const auto& member) {
      return member->statistics.datagrams() >= count_;
    });
  }
  bool have_all_begun() const {
    return std::all_of(members_.begin(), members_.end(),
                       [](const auto& member) { return member->statistics.datagrams() > 0; });
  }

  JoinResult result(Instant now) const {
    JoinResult result{.interface = interface_, .took = now - begin_};
    for (const auto& member : members_) {
      result.groups.push_back({.channel = member->channel,
                               .view = member->statistics.view(now),
                               .kernel_drops = member->receiver.drops()});
    }
    return result;
  }

  std::string interface_;
  int index_;
  net::LinkMonitor monitor_;
  std::uint64_t count_;
  Expectations expectations_;
  LiveLine live_;
  Instant begin_;
  Instant next_live_;
  Instant end_ = kNever;
  Instant start_by_ = kNever;
  net::DatagramBatch batch_;
  std::vector<std::unique_ptr<Member>> members_;
  std::optional<std::string> fault_;  // ends it
};

int join(const Options& options) {
  const auto channels = parse_channels(options.groups);
  if (!channels) return complain(kUsage, "GROUP", channels.error());
  // First of all: what happens to the interface from now on is not missed.
  auto monitor = net::LinkMonitor::open();
  if (!monitor) return complain(kFailed, "join", monitor.error().to_string());
  const auto interface = choose_interface(options.interface);
  if (!interface) return complain(kFailed, options.interface, interface.error());
  if (!interface->up) {
    warn(interface->name, "it is down, so nothing arrives yet",
         "ip link set " + interface->name + " up");
  }
  for (const net::UdpChannel& channel : *channels) {
    if (const auto advice = advice_on(channel); !advice.empty()) {
      warn(probe::to_string(channel), advice);
    }
  }
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, "join", loop.error().to_string());
  Joining joining(options, std::move(*monitor), *interface);
  for (const net::UdpChannel& channel : *channels) {
    if (const auto joined = joining.join(channel); !joined) {
      return complain(kFailed, interface->name, joined.error().to_string());
    }
  }
  joining.say_joined();
  if (const auto watched = joining.watch(*loop); !watched) {
    return complain(kFailed, "join", watched.error().to_string());
  }
  const auto ran = loop->run([&] { return joining.turn(); });
  if (!ran) return complain(kFailed, "join", ran.error().to_string());
  return joining.finish(options.json);
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_option(app, "GROUP", options->groups,
             "the groups to join: GROUP or GROUP:PORT (5004 unless said; in IPv6 [GROUP]:PORT), "
             "with @SOURCE behind it to hear this sender alone (IGMPv3, MLDv2)")
      .required()
      .group("What")
      .check(channel_fault);
  add_option(app, "-i,--interface", options->interface, "where to listen: a name or an index")
      .type_name("IF")
      .required()
      .group("What");
  add_option(app, "--duration", options->duration, "ends after this time")
      .type_name("D")
      .group("How long (until Ctrl-C unless said)")
      .check(duration_fault);
  add_option(app, "--count", options->count, "ends when each group has got so many datagrams")
      .type_name("N")
      .group("How long (until Ctrl-C unless said)")
      .check(range_fault(1, kMostCounted));
  add_flag(app, "--expect-no-loss", options->expect_no_loss,
           "if a number was missing, a group got nothing, or a sender fell silent without "
           "saying that it ends")
      .group("When to exit with 1");
  add_option(app, "--max-gap", options->max_gap,
             "if a group was silent for longer, whoever sends to it")
      .type_name("D")
      .group("When to exit with 1")
      .check(duration_fault);
  add_option(app, "--start-within", options->start_within,
             "if a group has got nothing after this time; ends then")
      .type_name("D")
      .group("When to exit with 1")
      .check(duration_fault);
  add_flag(app, "--json", options->json, "the result as one JSON object").group("Output");
  add_flag(app, "-v,--verbose", options->verbose,
           "a line a second on stderr, also when it is no terminal")
      .group("Output");
  return [options] { return join(*options); };
}

}  // namespace

Command join_command() {
  return {.name = "join",
          .summary = "joins multicast groups: what arrives, is lost, late or twice",
          .examples = R"(  querent join -i eth0 239.1.2.3
      what arrives from `querent send`, until Ctrl-C
  querent join -i eth0 --duration 10m --expect-no-loss 239.1.2.3
      for a script: ten minutes, longer than switches remember a member, and nothing may be lost
  querent join -i eth0 --duration 30s --json 232.1.2.3:5004@192.0.2.7 239.1.2.4
      only what 192.0.2.7 sends, and a second group, as JSON
  querent join -i eth0 ff15::1:2:3 '[ff3e::4000:1]:5006@2001:db8::7'
      IPv6: two groups, of the second what 2001:db8::7 sends
  querent join -i eth0 --duration 10m --max-gap 1s 239.10.20.30:5004
      any other stream (RTP, ka9q-radio), which must never pause for more than a second
)",
          .declare = declare};
}

}  // namespace querent::cli

#include "cli/join_command.hpp"

#include <CLI/CLI.hpp>
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
#include "cli/live_line.hpp"
#include "cli/stream_arguments.hpp"
#include "cli/stream_report.hpp"
#include "net/clock.hpp"
#include "net/udp_socket.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

// Datagrams that wait when the time is over belong to it; a flood must not keep us from ending.
constexpr int kLastBatches = 256;

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
  StreamStatistics statistics;
};

class Joining {
 public:
  Joining(const Options& options, std::string interface)
      : interface_(std::move(interface)),
        count_(options.count),
        expectations_{.no_loss = options.expect_no_loss,
                      .max_gap = optional_duration(options.max_gap),
                      .start_within = optional_duration(options.start_within)},
        live_(options.verbose),
        begin_(net::now()),
        next_live_(begin_ + 1s) {
    if (const auto duration = optional_duration(options.duration)) end_ = begin_ + *duration;
    if (expectations_.start_within) start_by_ = begin_ + *expectations_.start_within;
  }

  net::SysResult<void> join(int interface_index, const net::UdpChannel& channel) {
    auto receiver = net::UdpReceiver::open(interface_index, channel);
    if (!receiver) return failure(receiver.error());
    members_.push_back(std::make_unique<Member>(
        Member{channel, std::move(*receiver), StreamStatistics(net::now())}));
    return {};
  }

  net::SysResult<void> watch(CommandLoop& loop) {
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
    const Instant now = net::now();
    if (now >= start_by_) {
      start_by_ = kNever;
      if (!have_all_begun()) return {};
    }
    if (now >= end_ || error_ || (count_ > 0 && have_all_come())) return {};
    if (!live_.wanted()) return std::min(end_, start_by_);
    if (now >= next_live_) {
      while (next_live_ <= now)
        next_live_ += 1s;
      live_.show(to_live_line(result(now)));
    }
    return std::min({end_, start_by_, next_live_});
  }

  int finish(bool json) {
    const Instant end = std::min(net::now(), end_);
    for (const auto& member : members_)
      receive_last(*member, end);
    live_.clear();
    const JoinResult all = result(end);
    const auto missing = shortcomings(all, expectations_);
    const int written = print_result(json ? to_json(all, missing) : to_table(all));
    for (const auto& [what, why, attempt] : missing)
      complain(kFailed, what, why, attempt);
    if (error_) return complain(kFailed, interface_, error_->to_string());
    return missing.empty() ? written : kFailed;
  }

 private:
  std::size_t receive(Member& member) {
    const auto datagrams = member.receiver.receive(batch_);
    if (!datagrams) {
      error_ = datagrams.error();
      return 0;
    }
    for (const net::ReceivedDatagram& datagram : *datagrams) {
      if (datagram.arrived < end_) member.statistics.take(datagram);
    }
    return datagrams->size();
  }

  void receive_last(Member& member, Instant end) {
    end_ = std::min(end_, end);
    for (int i = 0; i < kLastBatches && !error_; ++i) {
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
  std::uint64_t count_;
  Expectations expectations_;
  LiveLine live_;
  Instant begin_;
  Instant next_live_;
  Instant end_ = kNever;
  Instant start_by_ = kNever;
  net::DatagramBatch batch_;
  std::vector<std::unique_ptr<Member>> members_;
  std::optional<net::SysError> error_;
};

int join(const Options& options) {
  const auto channels = parse_channels(options.groups);
  if (!channels) return complain(kUsage, "GROUP", channels.error());
  const auto interface = choose_interface(options.interface);
  if (!interface) return complain(kFailed, options.interface, interface.error());
  if (!interface->up) {
    complain(kFailed, interface->name, "it is down, so nothing arrives yet",
             "ip link set " + interface->name + " up");
  }
  for (const net::UdpChannel& channel : *channels) {
    if (const auto advice = advice_on(channel); !advice.empty()) {
      complain(kDone, to_string(channel), advice);
    }
  }
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, "join", loop.error().to_string());
  Joining joining(options, interface->name);
  for (const net::UdpChannel& channel : *channels) {
    if (const auto joined = joining.join(interface->index, channel); !joined) {
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
  app.add_option("-i,--interface", options->interface, "Where to listen: a name or an index")
      ->required();
  app.add_option("GROUP", options->groups,
                 "Groups to join: GROUP, GROUP:PORT (default port 5004), or with @SOURCE behind "
                 "it for what that sender sends alone (IGMPv3)")
      ->required()
      ->check(channel_fault);
  app.add_option("--duration", options->duration, "Ends after this time")->check(duration_fault);
  app.add_option("--count", options->count, "Ends when so many datagrams came to each group")
      ->check(range_fault(1, 1e15));
  app.add_flag("--expect-no-loss", options->expect_no_loss,
               "Exit 1 if a datagram was lost, nothing came, or a sender fell silent");
  app.add_option("--max-gap", options->max_gap,
                 "Exit 1 if a group was silent for longer, whoever sends to it")
      ->check(duration_fault);
  app.add_option("--start-within", options->start_within,
                 "Exit 1 if after this time nothing has come to one of the groups")
      ->check(duration_fault);
  app.add_flag("--json", options->json, "The result as one JSON object");
  app.add_flag("-v,--verbose", options->verbose, "A line a second on stderr, also to a file");
  return [options] { return join(*options); };
}

}  // namespace

Command join_command() {
  return {.name = "join",
          .summary = "join multicast groups and say what arrives, is lost, late or twice",
          .examples = R"(  What arrives, until Ctrl-C:
    querent join -i eth0 239.1.2.3
  In a script: ten minutes in which nothing may be lost (longer than a switch's memory):
    querent join -i eth0 --duration 10m --expect-no-loss 239.1.2.3:5004
  Only what 192.0.2.7 sends; with a second group, as JSON:
    querent join -i eth0 --duration 30s --json 232.1.2.3:5004@192.0.2.7 239.1.2.4
  Any other stream (RTP, ka9q-radio, ...), of which no second may be missing:
    querent join -i eth0 --duration 10m --max-gap 1s 239.10.20.30:5004
)",
          .declare = declare};
}

}  // namespace querent::cli

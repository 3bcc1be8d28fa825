#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cli/choose_interface.hpp"
#include "cli/command_loop.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/inject_plan.hpp"
#include "cli/line_output.hpp"
#include "core/local_interface.hpp"
#include "net/packet_socket.hpp"
#include "os/clock.hpp"
#include "os/privileges.hpp"
#include "probe/describe.hpp"
#include "probe/observation.hpp"

namespace querent::cli {

namespace {

struct Options {
  std::string interface;
  InjectOptions injection;
};

// Sends rounds of packets, and says each.
class Injecting {
 public:
  Injecting(net::PacketSocket socket, std::vector<Shot> shots, net::Interface interface)
      : socket_(std::move(socket)),
        shots_(std::move(shots)),
        interface_(std::move(interface)),
        observer_(probe::observer_of(interface_)) {}

  int run(CommandLoop& loop, const Injection& injection) {
    Instant next = os::now();
    std::uint64_t rounds = 0;
    const auto ran = loop.run([&]() -> std::optional<Instant> {
      const Instant now = os::now();
      if (now < next) return next;
      next = std::max(next + injection.interval, now);
      ++rounds;
      code_ = send_round();
      if (code_ || rounds == injection.rounds) return std::nullopt;
      return next;
    });
    if (!ran) return complain(kFailed, "inject", ran.error().to_string());
    return code_.value_or(kDone);
  }

 private:
  // Nothing, or the exit code when it cannot go on.
  std::optional<int> send_round() {
    for (const Shot& shot : shots_) {
      const auto sent = socket_.send(shot.packet, shot.destination);
      if (!sent) return complain_of(sent.error(), shot);
      const Written written = print_line(clock_text(wall_clock()) + " " + words(shot));
      if (written != Written::kYes) return written == Written::kClosed ? kDone : kFailed;
    }
    return std::nullopt;
  }

  int complain_of(const os::SysError& error, const Shot& shot) const {
    const std::string what = "cannot send on " + interface_.name;
    const std::size_t size = shot.packet.size();
    switch (error.number) {
      case EMSGSIZE:
        return complain(
            kFailed, what,
            fmt::format("the packet has {} octets, more than its MTU of {}", size, interface_.mtu),
            fmt::format("take fewer groups or sources, or: ip link set {} mtu {}", interface_.name,
                        size));
      case ENETDOWN:
        return complain(kFailed, what, "it is down",
                        "take it up: ip link set " + interface_.name + " up");
      default:
        return complain(kFailed, what, error.to_string());
    }
  }

  std::string words(const Shot& shot) const {
    auto observation = probe::look(wire::LinkType::kRawIp, shot.packet, observer_);
    if (!observation) return {};
    observation->own = true;
    return probe::describe(*observation);
  }

  net::PacketSocket socket_;
  std::vector<Shot> shots_;
  net::Interface interface_;
  probe::Observer observer_;
  std::optional<int> code_;
};

int complain_all(const config::Complaints& complaints) {
  for (const auto& [what, why, attempt] : complaints)
    complain(kUsage, what, why, attempt);
  return kUsage;
}

int complain_of_no_address(const net::Interface& interface, Family family,
                           const std::string& what) {
  if (family == Family::kIPv4) {
    return complain(kFailed, what, "it has no IPv4 address to send from",
                    "say one with --source, or 0.0.0.0");
  }
  const bool soon =
      std::any_of(interface.addresses.begin(), interface.addresses.end(), [](const auto& own) {
        return !own.address.is_v4() && own.address.is_link_local() && own.tentative;
      });
  if (soon) {
    return complain(kFailed, what,
                    "its link-local IPv6 address is still tentative (duplicate address detection), "
                    "or another host has it, too",
                    "try again in two seconds, or say an address with --source");
  }
  return complain(kFailed, what, "it has no link-local IPv6 address to send from",
                  "say one with --source");
}

int inject(const Options& options) {
  const auto injection = plan_injection(options.injection);
  if (!injection) return complain_all(injection.error());
  const std::string what = "cannot send on " + options.interface;
  const auto interface = choose_interface(options.interface);
  if (!interface) return complain(kFailed, what, interface.error());
  const probe::Observer observer = probe::observer_of(*interface);
  const Family family = injection->family;
  const auto own = core::source_in_force(observer.link(family), {}, family);
  if (injection->own_source && !own) return complain_of_no_address(*interface, family, what);
  if (!os::raise(os::Capability::kNetRaw)) {
    return complain(kPermission, what, std::string(os::advice(os::Capability::kNetRaw)));
  }
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, what, loop.error().to_string());
  auto socket = net::PacketSocket::open(interface->index, family);
  if (!socket) return complain(kFailed, what, socket.error().to_string());
  Injecting injecting(std::move(*socket),
                      shots(*injection, own.value_or(Address::unspecified(family))), *interface);
  return injecting.run(*loop, *injection);
}

std::string number_fault(const std::string& text) {
  return parse_number<std::int64_t>(text) ? "" : "it must be a whole number, below 2^63";
}

void declare_message(CLI::App& app, InjectOptions& options) {
  add_option(app, "-g,--group", options.groups,
             "the group that it is about (repeatable: a packet each, in v3_report and "
             "mldv2_report a record each); a query without one is general")
      .type_name("ADDR");
  add_option(app, "-s,--group-source", options.sources,
             "a source of the group, in v3_query, v3_report, mldv2_query and mldv2_report "
             "(repeatable)")
      .type_name("ADDR");
  add_option(app, "--record", options.record,
             "the type of the records of a v3_report or mldv2_report: is_in, is_ex (default), "
             "to_in, to_ex, allow, block")
      .type_name("TYPE");
  add_option(app, "--max-response", options.max_response,
             "how long answers to a query may take (default: 10s, about a group 1s)")
      .type_name("D");
  add_option(app, "--qqic,--query-interval", options.query_interval,
             "the query interval that a v3_query or mldv2_query announces (default: 60s)")
      .type_name("D");
  add_option(app, "--qrv,--robustness", options.robustness,
             "the robustness that a v3_query or mldv2_query announces (default: 2)")
      .type_name("N")
      .check(number_fault);
  add_flag(app, "--suppress", options.suppress, "the S flag of a v3_query or mldv2_query");
}

void declare_envelope(CLI::App& app, InjectOptions& options) {
  add_option(app, "--source", options.source,
             "the packet's source (default: the interface's address, in IPv6 the link-local one)")
      .type_name("ADDR");
  add_option(app, "--destination", options.destination,
             "the packet's destination (default: where the message belongs)")
      .type_name("ADDR");
  add_option(app, "--ttl", options.ttl, "the packet's TTL or hop limit (default: 1)")
      .type_name("N")
      .check(number_fault);
  add_flag(app, "!--no-router-alert", options.router_alert, "without the Router Alert option");
  add_flag(app, "--bad-checksum", options.bad_checksum, "with a wrong IGMP or ICMPv6 checksum");
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  InjectOptions& injection = options->injection;
  add_option(app, "-i,--interface", options->interface,
             "where to send; this host itself does not hear it")
      .type_name("IF")
      .required();
  add_option(app, "-t,--type", injection.kind,
             "of IGMP v1_query, v2_query, v3_query, v1_report, v2_report, v3_report or leave; "
             "of MLD mldv1_query, mldv2_query, mldv1_report, mldv2_report or mldv1_done")
      .type_name("KIND")
      .required();
  declare_message(app, injection);
  declare_envelope(app, injection);
  add_option(app, "-n,--count", injection.count, "how many times (default: 1; 0: until stopped)")
      .type_name("N")
      .check(number_fault);
  add_option(app, "--interval", injection.interval, "from one time to the next (default: 1s)")
      .type_name("D");
  return [options] { return inject(*options); };
}

}  // namespace

Command inject_command() {
  return {.name = "inject",
          .summary = "sends an IGMP or MLD query, report or leave of any version, right or wrong",
          .examples =
              "  querent inject -i eth0 -t v2_query --count 0 --interval 60s\n"
              "  querent inject -i eth0 -t v2_report -g 239.1.2.3\n"
              "  querent inject -i eth0 -t v3_query -g 232.1.1.1 -s 10.0.0.5 --suppress\n"
              "  querent inject -i eth0 -t v3_report -g 232.1.1.1 -s 10.0.0.5 --record allow\n"
              "  querent inject -i eth0 -t v2_query --ttl 2 --bad-checksum\n"
              "  querent inject -i eth0 -t mldv1_report -g ff15::1:2:3\n"
              "  querent inject -i eth0 -t mldv2_query --max-response 500ms\n",
          .declare = declare};
}

}  // namespace querent::cli

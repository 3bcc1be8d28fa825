#include <cerrno>
#include <fmt/core.h>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "cli/command_loop.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/lab_picture.hpp"
#include "cli/lab_show.hpp"
#include "cli/line_output.hpp"
#include "config/interface_name.hpp"
#include "config/interface_setters.hpp"
#include "os/clock.hpp"

namespace querent::cli {

namespace {

using namespace std::chrono_literals;

constexpr const char* kSelf = "/proc/self/exe";

struct Options {
  std::string expiry = "4s";
  bool ipv6 = false;
  std::string plug;
  bool hold = false;
  bool json = false;
};

int complain_of(const os::SysError& error) {
  const bool denied = error.number == EPERM || error.number == EACCES;
  return complain(denied ? kPermission : kFailed, "lab", error.to_string(),
                  denied ? fmt::format("a container needs {}", lab::kNeeds) : "");
}

// Says it all on stdout, as long as that takes something.
class Speaker {
 public:
  void say(const std::string& line) {
    if (written_ == Written::kYes) written_ = print_line(line);
  }
  // The exit code, once nothing more can be said.
  std::optional<int> code() const {
    if (written_ == Written::kYes) return std::nullopt;
    return written_ == Written::kClosed ? kDone : kFailed;
  }

 private:
  Written written_ = Written::kYes;
};

LabShow::Audience audience(const Options& options, Speaker& speaker) {
  const auto say = [&speaker](const std::string& line) { speaker.say(line); };
  if (options.json) {
    return {.second = [say](const LabSecond& second) { say(as_json(second)); },
            .phase = [](int) {},
            .verdict = [say](const LabVerdict& verdict) { say(as_json(verdict)); },
            .querent_says = [](const std::string&) {}};
  }
  const bool colour = has_colour(STDOUT_FILENO);
  return {.second = [say, colour](const LabSecond& second) { say(picture(second, colour)); },
          .phase = [say](int phase) { say(fmt::format("\n{}  {}", phase, phase_title(phase))); },
          .verdict = [say, colour](const LabVerdict& verdict) { say(picture(verdict, colour)); },
          .querent_says = [say](const std::string& line) { say("        " + line); }};
}

Family family_of(const Options& options) {
  return options.ipv6 ? Family::kIPv6 : Family::kIPv4;
}

void explain(const Options& options, Speaker& speaker) {
  if (options.json) return;
  const Family family = family_of(options);
  const auto address = [family](int host) {
    return lab::Lan::address_of(host, family).to_string();
  };
  speaker.say(
      fmt::format("A switch that snoops and has no querier, a sender ({}) and a receiver ({}) of "
                  "{},\nin network namespaces of this machine: nothing leaves it. The switch "
                  "forgets after {} instead of 260 s.",
                  address(LabNetwork::kSender), address(LabNetwork::kReceiver),
                  LabNetwork::channel(family).group.to_string(), options.expiry));
}

// The kernel would put a number in the place of a %.
bool may_be_made(const std::string& name) {
  return config::is_interface_name(name) && name != config::kAutoInterface &&
         name.find_first_of("*?[%") == std::string::npos;
}

// The network that the user is in becomes a host of the LAN.
std::optional<int> plug(const Options& options, bool in_user_namespace, lab::Lan& lan,
                        Speaker& speaker) {
  if (in_user_namespace) {
    return complain(kPermission, "--plug", "only root may add an interface here",
                    fmt::format("use sudo; a container needs {}", lab::kNeeds));
  }
  const auto host = lan.plug_here(options.plug);
  if (!host) return complain_of(host.error());
  if (options.json) return std::nullopt;
  speaker.say(fmt::format(
      "{} is {} on it, until Ctrl-C. Start and stop who asks: querent run -i {} "
      "-q 1s --max-response 250ms",
      options.plug, lab::Lan::address_of(*host, family_of(options)).to_string(), options.plug));
  return std::nullopt;
}

void tell_how_to_enter(LabNetwork& network, bool in_user_namespace, Speaker& speaker) {
  speaker.say("\nThe network stays until Ctrl-C. A shell on each of its hosts:");
  const std::string enter = in_user_namespace
                                ? fmt::format("nsenter -U --preserve-credentials -t {}", getpid())
                                : "nsenter";
  const auto tell = [&](std::string_view who, const lab::Namespace& space) {
    speaker.say(fmt::format("  {:<14} {} --net={} bash", who, enter, space.path()));
  };
  tell("querent", network.lan.host(LabNetwork::kFirst));
  tell("second host", network.lan.host(LabNetwork::kSecond));
  tell("sender", network.lan.host(LabNetwork::kSender));
  tell("receiver", network.lan.host(LabNetwork::kReceiver));
  tell("switch", network.lan.switch_at(1).space());
}

int tell_end(const Options& options, const LabShow& show, Speaker& speaker) {
  if (!options.json) {
    speaker.say(show.holds()
                    ? "\nquerent kept the stream alive: all four phases went as they should."
                    : "\nNot as it should be: see the phase that failed.");
  }
  return show.holds() ? kDone : kFailed;
}

int run(const Options& options) {
  const auto expiry = parse_duration(options.expiry);
  if (!expiry || *expiry < 2s || *expiry > 300s) {
    return complain(kUsage, "--expiry", fmt::format("'{}' is not from 2s to 300s", options.expiry));
  }
  if (!options.plug.empty() && !may_be_made(options.plug)) {
    return complain(kUsage, "--plug",
                    fmt::format("{} is not the name of a new interface", in_quotes(options.plug)),
                    "say one like lab0");
  }
  const auto in_user_namespace = lab::become_root_here();
  if (!in_user_namespace) return complain_of(in_user_namespace.error());
  auto network = LabNetwork::create(*expiry, family_of(options));
  if (!network) return complain_of(network.error());
  auto loop = CommandLoop::open();
  if (!loop) return complain_of(loop.error());
  Speaker speaker;
  explain(options, speaker);
  LabShow show(*network, *expiry, kSelf, audience(options, speaker));
  if (!options.plug.empty()) {
    show.leave_alone();
    if (const auto refused = plug(options, *in_user_namespace, network->lan, speaker))
      return *refused;
  }
  for (const auto& watched : {loop->watch(network->receiver.fd(), [&] { show.take_datagrams(); }),
                              loop->watch(network->ear.fd(), [&] { show.take_queries(); })}) {
    if (!watched) return complain_of(watched.error());
  }
  std::optional<int> code;
  const auto ran = loop->run([&]() -> std::optional<Instant> {
    const auto next = show.turn(os::now());
    if (show.over() && !code) {
      code = tell_end(options, show, speaker);
      if (options.hold) tell_how_to_enter(*network, *in_user_namespace, speaker);
    }
    const bool ends = (code && !options.hold) || speaker.code();
    return ends ? std::nullopt : next;
  });
  if (!ran) return complain_of(ran.error());
  if (!show.fault().empty()) return complain(kFailed, "lab", show.fault());
  if (speaker.code()) return *speaker.code();
  if (!options.plug.empty()) return kDone;
  return code ? *code : complain(kFailed, "lab", "interrupted");
}

std::function<int()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_option(app, "--expiry", options->expiry,
             "how long the switch remembers a receiver (real ones: 260s)")
      .type_name("D");
  add_flag(app, "--ipv6", options->ipv6, "an IPv6 stream, and MLD instead of IGMP");
  const Flag plug =
      add_option(app, "--plug", options->plug,
                 "no show: this machine is on the LAN by a new interface of that name, and "
                 "you decide who asks")
          .type_name("NAME");
  add_flag(app, "--hold", options->hold,
           "keep the network afterwards, and say how to get a shell on each host")
      .excludes(plug);
  add_flag(app, "--json", options->json, "an object a line: each second, and each phase's verdict");
  return [options] { return run(*options); };
}

}  // namespace

Command lab_command() {
  return {
      .name = "lab",
      .summary = "a virtual LAN: see the stream die without a querier, and live with one",
      .examples =
          "  querent lab                 # half a minute; root, or unprivileged namespaces\n"
          "  querent lab --expiry 260s   # as long as real switches take\n"
          "  querent lab --ipv6          # the same with MLD\n"
          "  querent lab --hold          # stays, for a look around\n"
          "  querent lab --plug lab0     # then, elsewhere: querent run -i lab0 -q 1s\n"
          "  querent lab --json\n",
      .declare = &declare,
  };
}

}  // namespace querent::cli

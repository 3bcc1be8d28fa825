#include "querent_lan.hpp"

#include <cstdlib>
#include <filesystem>

#include "core/family_rules.hpp"
#include "wire/frame.hpp"

namespace querent::test {

std::string program() {
  if (const char* const other = std::getenv("PROGRAM_UNDER_TEST")) return other;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "querent";
}

std::string family_name(const testing::TestParamInfo<Family>& info) {
  return std::string(name(info.param));
}

lab::Lan make_lan(const lab::LanPlan& plan) {
  auto lan = lab::Lan::create(plan);
  EXPECT_TRUE(lan) << lan.error().to_string();
  return std::move(lan.value());
}

lab::Process start(const lab::Namespace& where, const std::vector<std::string>& argv) {
  auto process = lab::Process::spawn({.argv = argv, .where = &where});
  EXPECT_TRUE(process) << process.error().to_string();
  return std::move(process.value());
}

lab::Process start_querent(const lab::Namespace& where, const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{program(), "run", "--interface", "eth0", "--query-interval", "1s"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  auto process = start(where, argv);
  EXPECT_TRUE(process.wait_for_errors("started", kPatience)) << process.errors();
  return process;
}

std::vector<std::string> only(Family family, unsigned version,
                              const std::vector<std::string>& more) {
  const auto number = std::to_string(version);
  const bool igmp = family == Family::kIPv4;
  std::vector<std::string> all{"--igmp-version", igmp ? number : "off",  //
                               "--mld-version", igmp ? "off" : number};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

bool await_queries(const QueryListener& ear, Address source, int count) {
  for (int heard = 0; heard < count; ++heard)
    if (!ear.await(general_query_from(source), kPatience, ear.heard())) return false;
  return true;
}

Ran finish(lab::Process& process, Duration patience) {
  const auto exit = process.wait(patience);
  EXPECT_TRUE(exit) << "still runs; it said: " << process.errors();
  EXPECT_EQ(exit ? exit->signal : 0, 0);
  return {.code = exit ? exit->code : -1, .out = process.output(), .err = process.errors()};
}

Ran run(const lab::Namespace& where, const std::vector<std::string>& argv) {
  auto process = start(where, argv);
  return finish(process);
}

Mouth::Mouth(const lab::Namespace& where, const std::string& interface, Family family)
    : family_(family) {
  auto links = where.inside([] { return lab::Links::open(); });
  const auto index = links->index_of(interface);
  EXPECT_TRUE(index) << index.error().to_string();
  auto socket = where.inside([&] { return net::PacketSocket::open(index.value_or(0), family); });
  EXPECT_TRUE(socket) << socket.error().to_string();
  socket_.emplace(std::move(socket.value()));
}

void Mouth::say(ByteView packet, std::optional<Address> destination) {
  const Address all_hosts = core::family_rules(family_).all_systems;
  good(socket_->send(packet, wire::multicast_mac(destination.value_or(all_hosts))));
}

}  // namespace querent::test

#include "tshark.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fmt/core.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "querent_lan.hpp"

namespace querent::test {

namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

int number(const std::string& text) {
  return text.empty() ? 0 : std::stoi(text);
}

std::vector<JudgedQuery> queries(const Capture& capture, const std::string& filter,
                                 const std::vector<std::string>& fields) {
  std::vector<JudgedQuery> found;
  for (const auto& row : capture.read(filter, fields)) {
    found.push_back({row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9],
                     row[10], number(row[11]), number(row[12]), number(row[13]), number(row[14]),
                     row[15], row[16]});
  }
  return found;
}

// Neither dumpcap's filter nor the kernel's reads on behind a hop-by-hop header.
const char* filter_of(Family family) {
  return family == Family::kIPv4 ? "igmp" : "ip6";
}

}  // namespace

Capture::Capture(const lab::Namespace& where, Family family)
    : file_(fmt::format("{}/querent-wire-format-{}.pcapng", testing::TempDir(), getpid())),
      process_(start(where, {"dumpcap", "-i", "eth0", "-f", filter_of(family), "-w", file_})) {
  EXPECT_TRUE(process_.wait_for_errors("File:", kPatience)) << process_.errors();
}

Capture::~Capture() {
  std::filesystem::remove(file_);
}

void Capture::end() {
  process_.kill(SIGINT);
  finish(process_);
}

std::vector<std::vector<std::string>> Capture::read(const std::string& filter,
                                                    const std::vector<std::string>& fields) const {
  std::vector<std::string> argv{"tshark", "-r",   file_, "-n",     "-o", "ip.check_checksum:TRUE",
                                "-Y",     filter, "-T",  "fields", "-E", "separator=|"};
  for (const auto& field : fields) {
    argv.emplace_back("-e");
    argv.push_back(field);
  }
  auto tshark = lab::Process::spawn({.argv = argv});
  if (!good(tshark)) return {};
  const auto ran = finish(*tshark, 3 * kPatience);
  EXPECT_EQ(ran.code, 0) << ran.err;
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : split(ran.out, '\n')) {
    rows.push_back(split(line, '|'));
    rows.back().resize(fields.size());
  }
  return rows;
}

std::ostream& operator<<(std::ostream& out, const JudgedQuery& query) {
  return out << fmt::format("v{} query for {} from {} to {} ({}), {} octets", query.version,
                            query.group, query.source, query.destination, query.mac, query.length);
}

std::vector<JudgedQuery> igmp_queries(const Capture& capture, MacAddress from) {
  return queries(capture, "igmp.type == 0x11 && eth.src == " + from.to_string(),
                 {"ip.src", "ip.dst", "eth.dst", "ip.ttl", "ip.dsfield", "ip.flags.df", "ip.opt.ra",
                  "ip.checksum.status", "igmp.checksum.status", "igmp.version", "igmp.maddr",
                  "frame.len", "ip.len", "ip.hdr_len", "igmp.num_src", "_ws.expert", "igmp.data"});
}

std::vector<JudgedQuery> mld_queries(const Capture& capture, MacAddress from) {
  auto found =
      queries(capture, "icmpv6.type == 130 && eth.src == " + from.to_string(),
              {"ipv6.src", "ipv6.dst", "eth.dst", "ipv6.hlim", "ipv6.tclass", "ip.flags.df",
               "ipv6.opt.router_alert", "ip.checksum.status", "icmpv6.checksum.status",
               "icmpv6.mld.flag", "icmpv6.mld.multicast_address", "frame.len", "ipv6.plen",
               "ipv6.hopopts.len_oct", "icmpv6.mld.nb_sources", "_ws.expert", "data.data"});
  constexpr int kIpv6Header = 40;
  for (auto& query : found) {
    query.version = query.version.empty() ? "1" : "2";  // who has flags
    query.length += kIpv6Header;
    query.header_length += kIpv6Header;
  }
  return found;
}

bool is_installed(const std::string& tool) {
  const auto found = lab::Process::spawn({.argv = {tool, "--version"}});
  return found.has_value();
}

}  // namespace querent::test

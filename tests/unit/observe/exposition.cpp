#include "exposition.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

namespace querent::observe::test {

namespace {

using Sample = Exposition::Sample;

bool is_name(std::string_view text) {
  const auto is_good = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
  };
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(), is_good);
}

std::string_view take_word(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

// A label's value up to its quote, which is taken too. False: it has no end, or a wrong escape.
bool take_value(std::string_view& line, std::string& value) {
  for (; !line.empty() && line[0] != '"'; line.remove_prefix(1)) {
    if (line[0] != '\\') {
      value += line[0];
      continue;
    }
    line.remove_prefix(1);
    if (line.empty() || std::string_view("\\\"n").find(line[0]) == std::string_view::npos)
      return false;
    value += line[0] == 'n' ? '\n' : line[0];
  }
  if (line.empty()) return false;
  line.remove_prefix(1);
  return true;
}

// {a="b",c="d"}
bool take_labels(std::string_view& line, std::map<std::string, std::string>& labels) {
  if (!line.starts_with('{')) return true;
  while (!line.empty() && line[0] != '}') {
    line.remove_prefix(1);
    const std::string name(line.substr(0, line.find('=')));
    line.remove_prefix(std::min(line.size(), name.size() + 1));
    std::string value;
    if (!is_name(name) || !line.starts_with('"')) return false;
    line.remove_prefix(1);
    if (!take_value(line, value) || !labels.emplace(name, value).second) return false;
    if (!line.starts_with(',') && !line.starts_with('}')) return false;
  }
  if (line.empty()) return false;
  line.remove_prefix(1);
  return true;
}

bool take_sample(std::string_view line, Sample& sample) {
  sample.name = std::string(line.substr(0, line.find_first_of("{ ")));
  line.remove_prefix(sample.name.size());
  if (!is_name(sample.name) || !take_labels(line, sample.labels)) return false;
  if (!line.starts_with(' ')) return false;
  std::istringstream number{std::string(line.substr(1))};
  std::string rest;
  return static_cast<bool>(number >> sample.value) && !(number >> rest);
}

class Reader {
 public:
  void read(std::string_view line) {
    if (!line.starts_with('#')) return read_sample(line);
    line.remove_prefix(std::min<std::size_t>(2, line.size()));
    const auto what = take_word(line);
    const std::string name(take_word(line));
    auto& seen = what == "HELP" ? helped_ : typed_;
    if (what != "HELP" && what != "TYPE") complain("no comment that means something", what);
    if (!seen.insert(name).second) complain("twice", std::string(what) + ' ' + name);
    if (what == "HELP" && line.empty()) complain("without words", name);
    if (what != "TYPE") return;
    if (read_.types.contains(name)) complain("a family in two places", name);
    family_ = name;
    read_.types[name] = line;
  }

  Exposition result() && {
    for (const auto& [name, type] : read_.types) {
      if (!helped_.contains(name)) complain("no HELP", name);
      const bool is_total = name.ends_with("_total");
      if (is_total != (type == "counter")) complain("_total and counter go together", name);
    }
    return std::move(read_);
  }

 private:
  void read_sample(std::string_view line) {
    Sample sample;
    if (!take_sample(line, sample)) return complain("no sample", line);
    std::string family = sample.name;
    if (read_.types[family_] == "histogram") {
      for (const std::string_view ending : {"_bucket", "_sum", "_count"})
        if (family.ends_with(ending)) family.resize(family.size() - ending.size());
    }
    if (family != family_) complain("outside of its family", line);
    if (!series_.emplace(sample.name, sample.labels).second) complain("a series twice", line);
    if (sample.value < 0) complain("below zero", line);
    read_.samples.push_back(std::move(sample));
  }

  void complain(std::string_view what, std::string_view where) {
    read_.wrong.push_back(std::string(what) + ": " + std::string(where));
  }

  Exposition read_;
  std::string family_;
  std::set<std::string> helped_;
  std::set<std::string> typed_;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> series_;
};

}  // namespace

Exposition Exposition::parse(const std::string& text) {
  Reader reader;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    reader.read(line);
  auto read = std::move(reader).result();
  if (!text.ends_with('\n')) read.wrong.emplace_back("the last line has no end");
  return read;
}

std::vector<Sample> Exposition::of(const std::string& name) const {
  std::vector<Sample> all;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(all),
               [&](const Sample& sample) { return sample.name == name; });
  return all;
}

double Exposition::value(const std::string& name,
                         const std::map<std::string, std::string>& labels) const {
  double found = -1;
  int count = 0;
  for (const auto& sample : of(name)) {
    if (!std::includes(sample.labels.begin(), sample.labels.end(), labels.begin(), labels.end()))
      continue;
    found = sample.value;
    ++count;
  }
  return count == 1 ? found : -1;
}

}  // namespace querent::observe::test

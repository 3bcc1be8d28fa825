#pragma once

#include <string>
#include <vector>

namespace querent::cli {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;

  // Of stderr.
  std::vector<std::string> lines() const;
};

// `querent WORD...` inside this process, with all of its commands and, for `run`, one that prints
// the configuration it would run with.
Outcome querent(const std::vector<std::string>& words);

// A variable that is set while this lives.
class Variable {
 public:
  Variable(const char* name, const char* value);
  ~Variable();

  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

// A file with this text while this lives.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text);
  ~TemporaryFile();

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace querent::cli

// Memory that several processes of one machine map: numbers that go from one to another without being sent.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "door/door.h"

namespace hone::door {
namespace {

// Anonymous memory behind a descriptor, which others reach as /proc/PID/fd/N; gone with the last process that maps it.
constexpr const char* kName = "hone-gradients";

// A mapping, and the descriptor of what is mapped while others may still ask for it.
class SharedBlock {
 public:
  SharedBlock(int descriptor, size_t bytes) : descriptor_(descriptor), bytes_(bytes) {
    start_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
    if (start_ == MAP_FAILED) {
      const int error = errno;
      close(descriptor_);
      TORCH_CHECK(false, "shared memory of ", bytes_, " bytes cannot be mapped: ", std::strerror(error));
    }
  }

  ~SharedBlock() {
    munmap(start_, bytes_);
    close(descriptor_);
  }

  SharedBlock(const SharedBlock&) = delete;
  SharedBlock& operator=(const SharedBlock&) = delete;

  void* start() const { return start_; }

 private:
  int descriptor_;
  size_t bytes_;
  void* start_ = nullptr;
};

void* tensor_over(int descriptor, int64_t count) {
  auto block = std::make_shared<SharedBlock>(descriptor, static_cast<size_t>(count) * sizeof(float));
  return own(at::from_blob(block->start(), {count}, [block](void*) {}, at::TensorOptions(at::kFloat)));
}

bool is_ours(const char* path) {
  char target[64] = {};
  const std::string wanted = std::string("/memfd:") + kName;
  return readlink(path, target, sizeof(target) - 1) > 0 && std::strncmp(target, wanted.c_str(), wanted.size()) == 0;
}

}  // namespace
}  // namespace hone::door

using namespace hone::door;

// `count` float32 zeros that other processes can open under `descriptor` for as long as the tensor lives.
HONE_EXPORT int hone_shared_create(int64_t count, void** tensor, int32_t* descriptor) {
  return guarded([&] {
    *descriptor = memfd_create(kName, MFD_CLOEXEC);
    TORCH_CHECK(*descriptor >= 0, "shared memory cannot be made: ", std::strerror(errno));
    if (ftruncate(*descriptor, count * static_cast<int64_t>(sizeof(float))) != 0) {
      const int error = errno;
      close(*descriptor);
      TORCH_CHECK(false, "shared memory of ", count, " numbers cannot be had: ", std::strerror(error));
    }

    *tensor = tensor_over(*descriptor, count);
  });
}

// What another process made, or null where it cannot be reached from here.
HONE_EXPORT int hone_shared_open(int32_t process, int32_t descriptor, int64_t count, void** tensor) {
  return guarded([&] {
    *tensor = nullptr;
    const auto path = "/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor);
    const int file = is_ours(path.c_str()) ? open(path.c_str(), O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    struct stat status {};
    if (fstat(file, &status) != 0 || status.st_size != count * static_cast<int64_t>(sizeof(float))) {
      close(file);
      return;
    }

    *tensor = tensor_over(file, count);
  });
}

// A tensor's life: references, metadata, bytes, and files mapped into memory.
#include "door/door.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hone::door {
namespace {

std::atomic<int64_t> live_handles{0};

using Range = std::pair<const char*, const char*>;

// A whole file, mapped copy-on-write. Tensors made from it share it and outlive the reader.
class Mapping {
 public:
  explicit Mapping(const char* path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    TORCH_CHECK(file >= 0, path, ": cannot be opened: ", std::strerror(errno));
    struct stat status {};
    const bool known = fstat(file, &status) == 0;
    size_ = known ? static_cast<size_t>(status.st_size) : 0;
    if (known && size_ > 0) bytes_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    const int error = errno;
    close(file);
    TORCH_CHECK(known && bytes_ != MAP_FAILED, path, ": cannot be mapped: ", std::strerror(error));
  }

  ~Mapping() {
    if (bytes_ != nullptr) munmap(bytes_, size_);
  }

  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  char* at(int64_t offset) const { return static_cast<char*>(bytes_) + offset; }
  int64_t size() const { return static_cast<int64_t>(size_); }

  // A tensor looks at these bytes from now on.
  void keep(Range bytes) {
    const std::lock_guard lock(mutex_);
    kept_.push_back(bytes);
  }

  // It does no longer: pages that no other tensor looks at are given back, since weights that were copied elsewhere
  // would stand in memory twice for as long as one tensor of the file lives.
  void release(Range bytes) {
    const std::lock_guard lock(mutex_);
    kept_.erase(std::find(kept_.begin(), kept_.end(), bytes));
    const auto overlaps = [&](const Range& other) { return other.first < bytes.second && bytes.first < other.second; };
    if (std::any_of(kept_.begin(), kept_.end(), overlaps)) return;

    const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<uintptr_t>(bytes.first) + page - 1) / page * page;
    const auto last = reinterpret_cast<uintptr_t>(bytes.second) / page * page;
    if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
  }

 private:
  void* bytes_ = nullptr;
  size_t size_ = 0;
  std::mutex mutex_;
  std::vector<Range> kept_;
};

}  // namespace

void* own(at::Tensor&& tensor) {
  live_handles.fetch_add(1, std::memory_order_relaxed);
  return tensor.unsafeReleaseTensorImpl();
}

at::Tensor borrow(void* handle) {
  return at::Tensor(
      c10::intrusive_ptr<c10::TensorImpl>::unsafe_reclaim_from_nonowning(static_cast<c10::TensorImpl*>(handle)));
}

}  // namespace hone::door

using namespace hone::door;

HONE_EXPORT void hone_tensor_free(void* handle) {
  live_handles.fetch_sub(1, std::memory_order_relaxed);
  c10::raw::intrusive_ptr::decref(static_cast<c10::TensorImpl*>(handle));
}

HONE_EXPORT int64_t hone_live_tensors() { return live_handles.load(std::memory_order_relaxed); }

HONE_EXPORT int32_t hone_tensor_rank(void* handle) { return static_cast<int32_t>(view(handle).dim()); }

HONE_EXPORT void hone_tensor_shape(void* handle, int64_t* shape) {
  const auto sizes = view(handle).sizes();
  std::copy(sizes.begin(), sizes.end(), shape);
}

HONE_EXPORT int64_t hone_tensor_size(void* handle, int32_t dim) {
  return view(handle).sizes()[static_cast<size_t>(dim)];
}

HONE_EXPORT int64_t hone_tensor_count(void* handle) { return view(handle).numel(); }

HONE_EXPORT int32_t hone_tensor_dtype(void* handle) { return static_cast<int32_t>(view(handle).scalar_type()); }

HONE_EXPORT int64_t hone_tensor_device(void* handle) {
  const auto device = view(handle).device();
  return (static_cast<int64_t>(device.type()) << 8) | static_cast<uint8_t>(device.has_index() ? device.index() : 0);
}

HONE_EXPORT int32_t hone_tensor_is_contiguous(void* handle) { return view(handle).is_contiguous() ? 1 : 0; }

HONE_EXPORT void* hone_tensor_data(void* handle) { return view(handle).data_ptr(); }

HONE_EXPORT int hone_tensor_item(void* handle, double* value) {
  return guarded([&] { *value = view(handle).item().toDouble(); });
}

// A new tensor with a copy of `bytes`, or with unset bytes where `bytes` is null.
HONE_EXPORT int hone_tensor_create(const void* bytes, const int64_t* shape, int32_t rank, int32_t dtype,
                                   void** handle) {
  return guarded([&] {
    auto tensor = at::empty(at::IntArrayRef(shape, static_cast<size_t>(rank)),
                            at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    if (bytes != nullptr && tensor.nbytes() > 0) std::memcpy(tensor.data_ptr(), bytes, tensor.nbytes());
    *handle = own(std::move(tensor));
  });
}

HONE_EXPORT int hone_mapping_open(const char* path, void** mapping, int64_t* size) {
  return guarded([&] {
    auto opened = std::make_shared<Mapping>(path);
    *size = opened->size();
    *mapping = new std::shared_ptr<Mapping>(std::move(opened));
  });
}

HONE_EXPORT void hone_mapping_close(void* mapping) { delete static_cast<std::shared_ptr<Mapping>*>(mapping); }

HONE_EXPORT const void* hone_mapping_data(void* mapping) {
  return (*static_cast<std::shared_ptr<Mapping>*>(mapping))->at(0);
}

// A tensor over bytes of the mapping; one that is not aligned to its element is copied.
HONE_EXPORT int hone_mapping_tensor(void* mapping, int64_t offset, const int64_t* shape, int32_t rank, int32_t dtype,
                                    void** handle) {
  return guarded([&] {
    auto shared = *static_cast<std::shared_ptr<Mapping>*>(mapping);
    const auto type = static_cast<at::ScalarType>(dtype);
    const at::IntArrayRef sizes(shape, static_cast<size_t>(rank));
    const auto element = static_cast<int64_t>(c10::elementSize(type));
    int64_t bytes = element;
    for (const auto size : sizes) bytes *= size;
    TORCH_CHECK(offset >= 0 && bytes >= 0 && offset <= shared->size() - bytes, "a tensor of ", bytes, " bytes at ",
                offset, " lies outside of the ", shared->size(), " bytes of the file");
    const auto options = at::TensorOptions().dtype(type);
    auto* start = shared->at(offset);
    if (bytes == 0 || reinterpret_cast<uintptr_t>(start) % static_cast<uintptr_t>(element) != 0) {
      auto copy = at::empty(sizes, options);
      if (bytes > 0) std::memcpy(copy.data_ptr(), start, static_cast<size_t>(bytes));
      *handle = own(std::move(copy));
      return;
    }
    const Range range(start, start + bytes);
    shared->keep(range);
    *handle = own(at::from_blob(start, sizes, [shared, range](void*) { shared->release(range); }, options));
  });
}

#include "door/process_group.h"

#include <cstring>

using namespace hone::door;

HONE_EXPORT int32_t hone_has_process_groups() { return HONE_HAS_GLOO; }

#if HONE_HAS_GLOO

namespace hone::door {

bool wait_for(c10d::Work& work, std::chrono::milliseconds limit) {
  if (!work.isCompleted()) {
    try {
      work.wait(limit);
    } catch (const std::exception&) {
      // Running out of time looks like a failure; only an operation that is over has failed.
      if (!work.isCompleted()) return false;
    }
  }

  work.wait();
  return true;
}

c10::intrusive_ptr<c10d::Work> start_sum(Group& group, const at::Tensor& tensor) {
  std::vector<at::Tensor> tensors{tensor};
  c10d::AllreduceOptions options;
  options.reduceOp = c10d::ReduceOp::SUM;
  return group.gloo->allreduce(tensors, options);
}

namespace {

at::Tensor bytes_of(const at::Tensor& tensor) {
  return at::from_blob(tensor.data_ptr(), {static_cast<int64_t>(tensor.nbytes())}, [tensor](void*) {},
                       at::TensorOptions(at::kByte));
}

Work* start(c10::intrusive_ptr<c10d::Work> work, at::Tensor target, at::Tensor stand_in) {
  return new Work{std::move(work), std::move(target), std::move(stand_in)};
}

}  // namespace
}  // namespace hone::door

HONE_EXPORT int hone_store_open(const char* host, int32_t port, int32_t is_server, int64_t milliseconds,
                                const char* prefix, void** store, int32_t* bound_port) {
  return guarded([&] {
    c10d::TCPStoreOptions options;
    options.port = static_cast<uint16_t>(port);
    options.isServer = is_server != 0;
    options.waitWorkers = false;
    options.timeout = std::chrono::milliseconds(milliseconds);
    auto tcp = c10::make_intrusive<c10d::TCPStore>(std::string(host), options);
    *bound_port = tcp->getPort();
    c10::intrusive_ptr<c10d::Store> keys = c10::make_intrusive<c10d::PrefixStore>(std::string(prefix), tcp);
    *store = new Store{std::move(tcp), std::move(keys)};
  });
}

HONE_EXPORT void hone_store_close(void* store) { delete static_cast<Store*>(store); }

HONE_EXPORT int hone_store_set(void* store, const char* key, const void* bytes, int32_t length) {
  return guarded([&] {
    const auto* first = static_cast<const uint8_t*>(bytes);
    static_cast<Store*>(store)->keys->set(key, std::vector<uint8_t>(first, first + length));
  });
}

// The value of a key: its length, of which at most `capacity` bytes are copied; −1 where nobody has set it.
HONE_EXPORT int hone_store_get(void* store, const char* key, void* bytes, int32_t capacity, int32_t* length) {
  return guarded([&] {
    auto& keys = *static_cast<Store*>(store)->keys;
    if (!keys.check({key})) {
      *length = -1;
      return;
    }

    const auto value = keys.get(key);
    *length = static_cast<int32_t>(value.size());
    std::memcpy(bytes, value.data(), std::min<size_t>(value.size(), static_cast<size_t>(capacity)));
  });
}

HONE_EXPORT int hone_store_add(void* store, const char* key, int64_t delta, int64_t* value) {
  return guarded([&] { *value = static_cast<Store*>(store)->keys->add(key, delta); });
}

// Connects this rank with all others. `interface` names a network interface; where it is empty, `address` is this
// machine's.
HONE_EXPORT int hone_group_join(void* store, int32_t rank, int32_t size, const char* interface, const char* address,
                                int64_t milliseconds, void** group) {
  return guarded([&] {
    auto options = c10d::ProcessGroupGloo::Options::create(std::chrono::milliseconds(milliseconds));
    options->threads = 2;
    options->devices.push_back(*interface != 0 ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                               : c10d::ProcessGroupGloo::createDeviceForHostname(address));
    *group = new Group{
        c10::make_intrusive<c10d::ProcessGroupGloo>(static_cast<Store*>(store)->keys, rank, size, std::move(options))};
  });
}

HONE_EXPORT void hone_group_leave(void* group) { delete static_cast<Group*>(group); }

// The sum over all ranks, in place. Half precisions are added up in float32 and rounded once.
HONE_EXPORT int hone_group_sum(void* group, void* handle, void** work) {
  return guarded([&] {
    at::NoGradGuard no_gradient;
    const auto& tensor = view(handle);
    const auto type = tensor.scalar_type();
    TORCH_CHECK(at::isFloatingType(type) && tensor.device().is_cpu(),
                "a sum over ranks needs floating-point numbers on the cpu, found ", type, " on ", tensor.device());
    const auto wide = type == at::kDouble ? at::kDouble : at::kFloat;
    const bool in_place = type == wide && tensor.is_contiguous();
    auto stand_in = in_place ? tensor.detach() : tensor.detach().to(wide).contiguous();
    auto started = start_sum(*static_cast<Group*>(group), stand_in);
    *work = start(std::move(started), in_place ? at::Tensor() : tensor.detach(), std::move(stand_in));
  });
}

// The elements of rank `root` in the tensor of every rank.
HONE_EXPORT int hone_group_broadcast(void* group, void* handle, int32_t root, void** work) {
  return guarded([&] {
    at::NoGradGuard no_gradient;
    const auto& tensor = view(handle);
    TORCH_CHECK(tensor.device().is_cpu(), "a broadcast needs elements on the cpu, found ", tensor.device());
    auto stand_in = tensor.detach().contiguous();
    c10d::BroadcastOptions options;
    options.rootRank = root;
    std::vector<at::Tensor> bytes{bytes_of(stand_in)};
    auto started = static_cast<Group*>(group)->gloo->broadcast(bytes, options);
    *work = start(std::move(started), tensor.is_contiguous() ? at::Tensor() : tensor.detach(), std::move(stand_in));
  });
}

// The `length` bytes of every rank one after the other, `size` times `length` in all. Both must live until the work is
// done.
HONE_EXPORT int hone_group_gather(void* group, void* bytes, int64_t length, void* all, void** work) {
  return guarded([&] {
    auto& gloo = *static_cast<Group*>(group)->gloo;
    const auto options = at::TensorOptions(at::kByte);
    std::vector<at::Tensor> inputs{at::from_blob(bytes, {length}, options)};
    std::vector<std::vector<at::Tensor>> outputs(1);
    for (int64_t rank = 0; rank < gloo.getSize(); ++rank) {
      outputs[0].push_back(at::from_blob(static_cast<char*>(all) + rank * length, {length}, options));
    }

    *work = start(gloo.allgather(outputs, inputs), at::Tensor(), at::Tensor());
  });
}

HONE_EXPORT int hone_group_barrier(void* group, void** work) {
  return guarded([&] { *work = start(static_cast<Group*>(group)->gloo->barrier(), at::Tensor(), at::Tensor()); });
}

HONE_EXPORT int hone_work_wait(void* handle, int64_t milliseconds, int32_t* done) {
  return guarded([&] {
    auto& work = *static_cast<Work*>(handle);
    *done = wait_for(*work.work, std::chrono::milliseconds(milliseconds)) ? 1 : 0;
    if (*done != 0 && work.target.defined()) {
      at::NoGradGuard no_gradient;
      work.target.copy_(work.stand_in);
      work.target = at::Tensor();
    }
  });
}

HONE_EXPORT void hone_work_free(void* work) { delete static_cast<Work*>(work); }

#else

namespace {

int missing() {
  return guarded([] {
    TORCH_CHECK(false, "this build has no process groups: Gloo's headers must be there when native/ is compiled, ",
                "were not; install libgloo-dev and run `make build`");
  });
}

}  // namespace

HONE_EXPORT int hone_store_open(const char*, int32_t, int32_t, int64_t, const char*, void**, int32_t*) {
  return missing();
}
HONE_EXPORT void hone_store_close(void*) {}
HONE_EXPORT int hone_store_set(void*, const char*, const void*, int32_t) { return missing(); }
HONE_EXPORT int hone_store_get(void*, const char*, void*, int32_t, int32_t*) { return missing(); }
HONE_EXPORT int hone_store_add(void*, const char*, int64_t, int64_t*) { return missing(); }
HONE_EXPORT int hone_group_join(void*, int32_t, int32_t, const char*, const char*, int64_t, void**) {
  return missing();
}
HONE_EXPORT void hone_group_leave(void*) {}
HONE_EXPORT int hone_group_sum(void*, void*, void**) { return missing(); }
HONE_EXPORT int hone_group_broadcast(void*, void*, int32_t, void**) { return missing(); }
HONE_EXPORT int hone_group_gather(void*, void*, int64_t, void*, void**) { return missing(); }
HONE_EXPORT int hone_group_barrier(void*, void**) { return missing(); }
HONE_EXPORT int hone_work_wait(void*, int64_t, int32_t*) { return missing(); }
HONE_EXPORT void hone_work_free(void*) {}

#endif

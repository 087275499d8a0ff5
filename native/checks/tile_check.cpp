// Runs products by tiles as they were compiled for the processor, instruction for instruction, and holds them against
// the model of tiles: on a processor that has none by an emulator. All that they read and write ends at memory that may
// not be touched.
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "../kernels/amx.h"
#include "tile_emulator.h"

namespace hone::checks {
namespace {

constexpr int64_t kPage = 4096;

/// Numbers between two pages that cannot be read nor written, right before the second.
template <class T>
class Fenced {
 public:
  explicit Fenced(int64_t count) : bytes_(count * static_cast<int64_t>(sizeof(T))) {
    room_ = (bytes_ + kPage - 1) / kPage * kPage;
    pages_ = static_cast<char*>(
        mmap(nullptr, room_ + 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(pages_, kPage, PROT_NONE);
    mprotect(pages_ + kPage + room_, kPage, PROT_NONE);
    std::memset(data(), 0xff, bytes_);  // no numbers
  }

  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;
  ~Fenced() { munmap(pages_, room_ + 2 * kPage); }

  T* data() const { return reinterpret_cast<T*>(pages_ + kPage + room_ - bytes_); }
  bool operator==(const Fenced& other) const { return std::memcmp(data(), other.data(), bytes_) == 0; }

 private:
  int64_t bytes_;
  int64_t room_;
  char* pages_;
};

constexpr int64_t kRowCounts[] = {1, 4, 5, 16, 17, 32, 33, 37, 49, 64, 70};

class Check {
 public:
  void bfloats(int64_t inputs, int64_t panels, int64_t rows) {
    const int64_t stride = inputs + 3, padded = (inputs + kPanelInputs - 1) / kPanelInputs * kPanelInputs;
    const Fenced<bfloat> x((rows - 1) * stride + inputs), weights(panels * kPanel * padded);
    for (int64_t row = 0; row < rows; row++) {
      fill(x.data() + row * stride, inputs);
    }

    std::vector<bfloat> plain(kPanel * inputs);
    for (int64_t panel = 0; panel < panels; panel++) {
      fill(plain.data(), kPanel * inputs);
      vectors_.bfloat16.pack_bfloats(plain.data(), inputs, kPanel, inputs, weights.data() + panel * kPanel * padded);
    }

    compare(rows, panels, {&tiles_, &model_}, [&](const KernelSet& set, float* out, int64_t out_stride) {
      set.bfloat16.packed_product(x.data(), stride, weights.data(), rows, panels, inputs, out, out_stride);
    });
  }

  void codes(WeightCode code, int64_t inputs, int64_t panels, int64_t rows) {
    const CodeFormat format = format_of(code);
    const int64_t blocks = format.blocks(inputs), padded = blocks * format.block, stride = padded + 3;
    const Fenced<int8_t> x((rows - 1) * stride + padded);
    const Fenced<CodeBlock> scales(rows * blocks);
    const Fenced<uint8_t> weights(panels * blocks * format.block_bytes());
    const CodedRows coded{x.data(), stride, scales.data(), blocks};
    std::vector<bfloat> plain(kPanel * inputs);
    for (int64_t row = 0; row < rows; row++) {
      fill(plain.data(), inputs);
      vectors_.bfloat16.code_row(plain.data(), inputs, format, coded.from(row));
    }

    for (int64_t panel = 0; panel < panels; panel++) {
      fill(plain.data(), kPanel * inputs);
      vectors_.codes.code_bfloats(plain.data(), inputs, kPanel, inputs, code,
                                  weights.data() + panel * blocks * format.block_bytes());
    }

    compare(rows, panels, {&tiles_, &model_, &vectors_}, [&](const KernelSet& set, float* out, int64_t out_stride) {
      set.codes.product(coded, weights.data(), code, rows, panels, inputs, out, out_stride);
    });
  }

  int report() const {
    std::printf("%d products by tiles, %d differ; %ld instructions emulated\n", products_, differing_,
                emulated_instructions());
    return differing_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }

 private:
  void fill(bfloat* to, int64_t count) {
    std::generate_n(to, count, [&] {
      const uint32_t bits = random_();
      return bfloat{static_cast<uint16_t>((bits & 0x807fu) | (120 + (bits >> 16) % 16) << 7)};
    });
  }

  template <class Multiply>
  void compare(int64_t rows, int64_t panels, std::initializer_list<const KernelSet*> sets, const Multiply& multiply) {
    const int64_t columns = panels * kPanel, stride = columns + kGap, count = (rows - 1) * stride + columns;
    const Fenced<float> expected(count);
    multiply(**sets.begin(), expected.data(), stride);
    for (const KernelSet* const set : sets) {
      const Fenced<float> out(count);
      multiply(*set, out.data(), stride);
      differing_ += out == expected && has_gaps(out.data(), rows, columns) ? 0 : 1;
    }

    products_++;
  }

  /// Whether what lies between the rows of a result is as it was.
  static bool has_gaps(const float* out, int64_t rows, int64_t columns) {
    const Fenced<float> untouched(kGap);
    for (int64_t row = 0; row + 1 < rows; row++) {
      if (std::memcmp(out + row * (columns + kGap) + columns, untouched.data(), kGap * sizeof(float)) != 0) {
        return false;
      }
    }

    return true;
  }

  static constexpr int64_t kGap = 5;

  const KernelSet& vectors_ = avx512_bf16::kernels;
  const KernelSet& tiles_ = avx512_bf16::amx_kernels;
  const KernelSet& model_ = avx512_bf16::modelled_amx_kernels;
  std::mt19937 random_;
  int products_ = 0;
  int differing_ = 0;
};

int check() {
  if (!has_tiles()) {
    emulate_tiles();
  } else if (!amx_fault().empty()) {
    std::printf("%s\n", amx_fault().c_str());
    return EXIT_FAILURE;
  }

  Check check;
  for (const int64_t rows : kRowCounts) {
    for (const int64_t panels : {1, 2, 3}) {
      for (const int64_t inputs : {1, 31, 32, 33, 64, 100}) {
        check.bfloats(inputs, panels, rows);
      }

      for (const int64_t inputs : {5, 128, 300}) {
        check.codes(WeightCode::Int8, inputs, panels, rows);
        check.codes(WeightCode::Q80, inputs, panels, rows);
      }
    }
  }

  return check.report();
}

}  // namespace
}  // namespace hone::checks

int main() { return hone::checks::check(); }

// One product with weights in few bits, and the numbers that such weights stand for: what the step does, for a matrix
// alone.
#include <torch/library.h>

#include "../tensors.h"
#include "coded_panel.h"

namespace hone::decoder {
namespace {

using at::Tensor;

/// Weights [outputs, inputs] packed in few bits.
class CodedMatrix {
 public:
  /// weights: float32 or bfloat16 [outputs, inputs], or rows of GGUF's blocks of the same kind, uint8.
  CodedMatrix(const Tensor& weights, int64_t code)
      : code_(static_cast<WeightCode>(code)), outputs_(weights.size(0)), inputs_(weights.size(-1)) {
    TORCH_CHECK(code > 0 && code < kWeightCodes, "hone::coded_matmul: code must be from 1 to ", kWeightCodes - 1,
                ", got ", code);
    const bool blocks = weights.scalar_type() == at::kByte && code_ != WeightCode::Int8;
    TORCH_CHECK(weights.dim() == 2 && weights.device().is_cpu() && (blocks || is_fused(weights)),
                "hone::coded_matmul: weights must be float32 or bfloat16 [outputs, inputs] on the cpu, or uint8 "
                "blocks, got ",
                weights.toString(), " ", weights.sizes());
    const CodeFormat form = format();
    if (blocks) {
      const int64_t bytes = form.file_bytes();
      TORCH_CHECK(inputs_ % bytes == 0, "hone::coded_matmul: rows of blocks must have a multiple of ", bytes,
                  " bytes, got ", inputs_);
      inputs_ = inputs_ / bytes * form.block;
    }

    pack(with_dense_rows(weights));
  }

  int64_t outputs() const { return outputs_; }
  int64_t inputs() const { return inputs_; }
  WeightCode code() const { return code_; }
  CodeFormat format() const { return format_of(code_); }
  int64_t panels() const { return (outputs_ + kPanel - 1) / kPanel; }
  int64_t panel_bytes() const { return format().blocks(inputs_) * format().block_bytes(); }
  uint8_t* panel(int64_t index) const { return data<uint8_t>(packed_) + index * panel_bytes(); }

 private:
  void pack(const Tensor& weights) {
    packed_ = at::empty({panels() * panel_bytes()}, at::kByte);
    for (int64_t i = 0; i < panels(); i++) {
      const int64_t first = i * kPanel;
      pack_coded(weights, first, std::min(kPanel, outputs_ - first), inputs_, code_, panel(i));
    }
  }

  WeightCode code_;
  int64_t outputs_;
  int64_t inputs_;
  Tensor packed_;
};

// x [row, inputs] in 8 bits times the packed weights, float32 [row, outputs].
Tensor coded_matmul(const Tensor& x, const Tensor& weights, int64_t code) {
  const CodedMatrix matrix(weights, code);
  TORCH_CHECK(x.dim() == 2 && is_fused(x) && x.size(1) == matrix.inputs(),
              "hone::coded_matmul: x must be float32 or bfloat16 [row, ", matrix.inputs(), "] on the cpu, got ",
              x.toString(), " ", x.sizes());
  const Tensor rows = with_dense_rows(x);
  const CodeFormat format = matrix.format();
  const int64_t blocks = format.blocks(matrix.inputs()), stride = blocks * format.block;
  std::vector<int8_t> codes(rows.size(0) * stride);
  std::vector<CodeBlock> scales(rows.size(0) * blocks);
  const CodedRows coded{codes.data(), stride, scales.data(), blocks};
  with_type_of(rows, [&](auto type) {
    using T = decltype(type);
    for (int64_t row = 0; row < rows.size(0); row++) {
      kernels<T>().code_row(data<T>(rows) + row * rows.stride(0), matrix.inputs(), format, coded.from(row));
    }
  });
  const int64_t width = matrix.panels() * kPanel;
  Tensor out = at::empty({rows.size(0), width}, at::kFloat);
  kernel_set().codes.product(coded, matrix.panel(0), matrix.code(), rows.size(0), matrix.panels(), matrix.inputs(),
                             data<float>(out), width);
  return out.slice(1, 0, matrix.outputs());
}

Tensor coded_numbers(const Tensor& weights, int64_t code) {
  const CodedMatrix matrix(weights, code);
  Tensor numbers = at::empty({matrix.outputs(), matrix.inputs()}, at::kFloat);
  for (int64_t output = 0; output < matrix.outputs(); output++) {
    kernel_set().codes.numbers(matrix.panel(output / kPanel), output % kPanel, matrix.inputs(), matrix.code(),
                               data<float>(numbers) + output * matrix.inputs());
  }

  return numbers;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("coded_matmul(Tensor x, Tensor weights, int code) -> Tensor", coded_matmul);
  library.def("coded_numbers(Tensor weights, int code) -> Tensor", coded_numbers);
}

}  // namespace hone::decoder

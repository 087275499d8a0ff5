using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks;

/// <summary>Recorded arrays as tensors.</summary>
internal static class FieldTensors
{
    extension(Field field)
    {
        /// <summary>The nested lists as a tensor of their shape.</summary>
        public Tensor ToTensor(DType dtype = DType.Float64)
        {
            using var scope = TensorScope.Open();
            return scope.Keep(Tensor.From<double>(field.Numbers, field.Shape).To(dtype));
        }
    }
}

using Hone.Algorithms.Optimizers;
using Hone.Algorithms.Schedules;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;
using Hone.Training.Checkpoints;
using Hone.Training.Methods;
using Hone.Training.Progress;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training;

/// <summary>A recipe with everything it names loaded: the model, its moments, its data, its method.</summary>
internal sealed class TrainingSession : IDisposable
{
    private const string OptimizerFile = "optimizer.safetensors";

    private readonly OptimizerState _optimizer;

    private TrainingSession(Recipe recipe, ModelFolder model, OptimizerState optimizer, ModelUpdater updater, IMethod method, PhaseClock clock)
    {
        (Model, Updater, Method, Clock) = (model, updater, method, clock);
        _optimizer = optimizer;
        Schedule = ScheduleOf.Recipe(recipe);
    }

    public ModelFolder Model { get; }

    public ModelUpdater Updater { get; }

    public IMethod Method { get; }

    public PhaseClock Clock { get; }

    public ILearningRateSchedule Schedule { get; }

    /// <summary>Whether the model as it stands is still to be evaluated: at first, and when a run was stopped
    /// before it could be.</summary>
    public bool IsEvaluationDue { get; set; } = true;

    /// <summary>Loads what a recipe names.</summary>
    public static TrainingSession Open(Recipe recipe, ComputeDecision compute, ITrainingObserver observer, TimeProvider time)
    {
        var model = RecipeModel.Load(recipe, compute.DType);
        OptimizerState? optimizer = null;
        try
        {
            model.Decoder.SetTrainable(true);
            var rule = new Adam
            {
                Beta1 = recipe.Optimizer.Beta1,
                Beta2 = recipe.Optimizer.Beta2,
                Epsilon = recipe.Optimizer.Epsilon,
                WeightDecay = recipe.Optimizer.WeightDecay,
            };
            optimizer = new OptimizerState(model.Decoder.Parameters, rule, recipe.Optimizer.ClipNorm);
            var updater = new ModelUpdater(model.Decoder, optimizer, recipe.Batch.TokensPerMicroBatch);
            var clock = new PhaseClock(time);
            var context = new TrainingContext(recipe, model, RecipeModel.Tokenizer(recipe, model), updater, clock, time, observer);
            return new TrainingSession(recipe, model, optimizer, updater, MethodFactory.Create(context, compute.DType), clock);
        }
        catch
        {
            optimizer?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>What follows from the recipe.</summary>
    public TrainingPlan Plan(Recipe recipe, ComputeDecision compute) => TrainingPlanner.Of(
        recipe, Model.Decoder.Config, Model.Decoder.Parameters.Values.Sum(weight => weight.Count), Method.Rows, Method.EvaluationRows, compute);

    /// <summary>Writes everything that the steps to come depend on. Which rows and which draws come next follows from the step's number.</summary>
    public void Save(CheckpointFolder folder, int step)
    {
        using var scope = TensorScope.Open();
        Model.Save(folder.Path, DType.Float32);
        SafetensorsWriter.Write(folder.PathOf(OptimizerFile), _optimizer.Moments.ToDictionary());
        folder.WriteState(new SavedState(step, _optimizer.Updates, IsEvaluationDue));
    }

    /// <summary>Takes over what a checkpoint holds.</summary>
    /// <returns>Steps that are done.</returns>
    public int Restore(SavedCheckpoint saved)
    {
        using var still = Autograd.NoGrad();
        using var weights = Checkpoint.Open(saved.Path);
        foreach (var (name, weight) in Model.Decoder.Parameters)
        {
            using var scope = TensorScope.Open();
            weight.CopyFrom(weights.Load(name));
        }

        var state = saved.ReadState<SavedState>();
        using var moments = SafetensorsFile.Open(saved.PathOf(OptimizerFile));
        _optimizer.Restore(state.Updates, moments.Load);
        Model.Decoder.WeightsChanged();
        IsEvaluationDue = state.IsEvaluationDue;
        return state.Step;
    }

    public void Dispose()
    {
        Method.Dispose();
        _optimizer.Dispose();
        Model.Dispose();
    }

    /// <summary>What a checkpoint keeps beside weights and moments.</summary>
    private sealed record SavedState(int Step, long Updates, bool IsEvaluationDue);
}

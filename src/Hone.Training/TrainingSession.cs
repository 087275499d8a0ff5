using System.Text.Json;
using Hone.Algorithms.Optimizers;
using Hone.Algorithms.Schedules;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Checkpoints;
using Hone.Training.Methods;
using Hone.Training.Progress;
using Hone.Training.Ranks;
using Hone.Training.Recipes;
using Hone.Training.Trained;
using Hone.Training.Updates;

namespace Hone.Training;

/// <summary>A recipe with everything it names loaded: the model, its moments, its data, its method.</summary>
internal sealed class TrainingSession : IDisposable
{
    private const string OptimizerFile = "optimizer.safetensors";

    private readonly OptimizerState _optimizer;
    private readonly IGradientSum _gradients;

    private TrainingSession(
        TrainingContext context,
        ITrainedWeights trained,
        OptimizerState optimizer,
        IGradientSum gradients,
        IMethod method)
    {
        (Model, Updater, Clock, Team) = (context.Model, context.Updater, context.Clock, context.Team);
        Trained = trained;
        (_optimizer, _gradients, Method) = (optimizer, gradients, method);
        Schedule = ScheduleOf.Recipe(context.Recipe);
    }

    public ModelFolder Model { get; }

    /// <summary>What of the model is trained.</summary>
    public ITrainedWeights Trained { get; }

    public ModelUpdater Updater { get; }

    public IMethod Method { get; }

    public PhaseClock Clock { get; }

    /// <summary>The ranks that divide the work.</summary>
    public RankTeam Team { get; }

    public ILearningRateSchedule Schedule { get; }

    /// <summary>Whether the model as it stands is still to be evaluated: at first, and when a run was stopped
    /// before it could be.</summary>
    public bool IsEvaluationDue { get; set; } = true;

    /// <summary>Loads what a recipe names.</summary>
    public static TrainingSession Open(
        LocatedRecipe located,
        ComputeDecision compute,
        IRanks ranks,
        RankTeam team,
        ITrainingObserver observer,
        TimeProvider time)
    {
        var recipe = located.Local;
        var model = RecipeModel.Load(recipe, compute.DType);
        ITrainedWeights? trained = null;
        OptimizerState? optimizer = null;
        IGradientSum? gradients = null;
        try
        {
            var tokenizer = RecipeModel.Tokenizer(recipe, model);
            var adapter = RecipeModel.Adapter(recipe, model, located.Recipe.Model.Path ?? "", tokenizer);
            var template = RecipeRows.ChosenTemplate(recipe);
            trained = adapter is null
                ? new WholeModel(model, template)
                : new TrainedAdapter(model, recipe, adapter, template);
            if (trained.Part is not null && team.Count > 1)
            {
                throw new OptionsException(
                    $"adapter.kind: must be another than adalora on several ranks, there are {team.Count}");
            }

            var rule = new Adam
            {
                Beta1 = recipe.Optimizer.Beta1,
                Beta2 = recipe.Optimizer.Beta2,
                Epsilon = recipe.Optimizer.Epsilon,
                WeightDecay = recipe.Optimizer.WeightDecay,
            };
            optimizer = new OptimizerState(
                trained.Parameters,
                rule,
                recipe.Optimizer.ClipNorm,
                trained.RuleOf,
                recipe.Optimizer.Name == OptimizerName.Adamw8bit);
            gradients = ranks.SumOf([.. optimizer.Parameters.Where(weight => weight.RequiresGrad)]);
            var updater = new ModelUpdater(model.Decoder, optimizer, recipe.Batch.TokensPerMicroBatch, team, gradients)
            {
                MovesModel = adapter is null,
                DropoutSeed = trained.Drops ? (ulong)recipe.Seed : null,
                Part = trained.Part,
                Recompute = recipe.Memory == MemoryChoice.Low,
            };
            var clock = new PhaseClock(time);
            var context = new TrainingContext(recipe, model, tokenizer, updater, clock, time, observer, team);
            return new TrainingSession(
                context, trained, optimizer, gradients, MethodFactory.Create(context, compute.DType));
        }
        catch
        {
            gradients?.Dispose();
            optimizer?.Dispose();
            trained?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>What follows from the recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="ranks">Processes that train together.</param>
    /// <param name="here">Those of them on this machine.</param>
    public TrainingPlan Plan(Recipe recipe, ComputeDecision compute, int ranks, int here)
    {
        var coded = Model.Decoder.CodedWeights.Values;
        var plain = Model.Decoder.Parameters.Values.Sum(weight => weight.Count);
        var parameters = plain + coded.Sum(weight => weight.Count);
        var trained = Trained.Parameters.Values.Sum(weight => weight.Count);
        var weights = new WeightCounts(parameters, trained, recipe.Adapter is not null)
        {
            Coded = new CodedCounts(
                coded.Sum(weight => weight.Count),
                coded.Sum(weight => weight.Bytes),
                coded.Select(weight => weight.Count).DefaultIfEmpty().Max()),
            Obstacles = GenerationPath.AdapterObstacles(Model.Decoder) ?? [],
            Draft = Method.Draft is { } draft
                ? new DraftCounts(
                    draft.Config,
                    draft.Parameters.Values.Sum(weight => weight.Count * weight.DType.ByteSize())
                        + draft.CodedWeights.Values.Sum(weight => weight.Bytes))
                : null,
        };
        var alone = TrainingPlanner.Of(
            recipe, Model.Decoder.Config, weights, Method.Rows, Method.EvaluationRows, compute);
        alone = alone with { Warnings = [.. Method.Warnings, .. alone.Warnings] };
        return RankPlanner.Divide(alone, recipe, _optimizer.Parameters.Select(weight => weight.Count), ranks, here);
    }

    /// <summary>Writes everything that the steps to come depend on. Which rows and which draws come next follows from
    /// the step's number.</summary>
    public void Save(CheckpointFolder folder, int step)
    {
        using var scope = TensorScope.Open();
        Trained.Save(folder.Path);
        SafetensorsWriter.Write(folder.PathOf(OptimizerFile), _optimizer.Moments.ToDictionary());
        folder.WriteState(new SavedState(step, _optimizer.Updates, IsEvaluationDue));
    }

    /// <summary>Takes over the weights of rank 0, and the state of the run where it is resumed: it alone reads the
    /// checkpoint.</summary>
    /// <param name="done">Steps that are done, as rank 0 knows.</param>
    /// <returns>Steps that are done.</returns>
    public int Join(int done)
    {
        if (Team.Count == 1)
        {
            return done;
        }

        var own = new SavedState(done, _optimizer.Updates, IsEvaluationDue);
        var state = JsonSerializer.Deserialize<SavedState>(Team.Gather(JsonSerializer.Serialize(own))[0])!;
        Team.Share(Model.Decoder.CodedWeights.Values.SelectMany(weight => weight.Tensors));
        Team.Share(Model.Decoder.Parameters.Values.Concat(Trained.State.Select(one => one.Value)).Distinct());
        if (state.Updates > 0)
        {
            var moments = _optimizer.Moments.ToDictionary();
            Team.Share(_optimizer.Moments.Select(moment => moment.Value));
            _optimizer.Restore(state.Updates, name => moments[name]);
        }

        Model.Decoder.WeightsChanged();
        IsEvaluationDue = state.IsEvaluationDue;
        return state.Step;
    }

    /// <summary>Holds that all ranks have the same rows.</summary>
    /// <exception cref="OptionsException">They have not.</exception>
    public void RequireSameRows()
    {
        if (Team.Count == 1)
        {
            return;
        }

        using var digest = new RowDigest();
        Method.AddRows(digest);
        var texts = Team.Gather($"{Method.Rows} {Method.EvaluationRows} {digest.Finish()}");
        string[][] all = [.. texts.Select(text => text.Split(' '))];
        var first = all[0];
        foreach (var (rank, other) in all.Index().Where(other => !other.Item.SequenceEqual(first)))
        {
            var counts = (other[0], other[1]) == (first[0], first[1]) ? "" : $", {other[0]} and {other[1]}";
            throw new OptionsException(
                $"rank {rank}: must have the rows of rank 0, {first[0]} to train and {first[1]} to evaluate on, "
                + $"has others{counts}; give it the same files");
        }
    }

    /// <summary>Holds that all ranks have the same weights and moments, to the last bit.</summary>
    /// <exception cref="TrainingException">They have not.</exception>
    public void RequireSameState(int step) =>
        StateDigest.RequireSame(Team, step, Trained.State.Concat(_optimizer.Moments));

    /// <summary>Takes over what a checkpoint holds.</summary>
    /// <returns>Steps that are done.</returns>
    public int Restore(SavedCheckpoint saved)
    {
        Trained.Restore(saved);
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
        _gradients.Dispose();
        _optimizer.Dispose();
        Trained.Dispose();
        Model.Dispose();
    }

    /// <summary>What a checkpoint keeps beside weights and moments.</summary>
    private sealed record SavedState(int Step, long Updates, bool IsEvaluationDue);
}

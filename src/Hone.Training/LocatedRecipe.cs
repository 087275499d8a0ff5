using Hone.Data;
using Hone.Data.Hub;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>A recipe, and where the things lie that it names.</summary>
/// <param name="Recipe">The recipe as it is written.</param>
/// <param name="Local">The same with local paths in place of names of the hub.</param>
/// <param name="Sources">What each name of the hub stood for: <c>org/name@commit</c> by the name as it is
/// written.</param>
public sealed record LocatedRecipe(Recipe Recipe, Recipe Local, IReadOnlyDictionary<string, string> Sources)
{
    /// <summary>A recipe that names local files alone.</summary>
    public static LocatedRecipe OfFiles(Recipe recipe) => new(recipe, recipe, new Dictionary<string, string>());

    /// <summary>Whether a recipe names local files alone.</summary>
    public static bool IsLocal(Recipe recipe) =>
        HubLocator.IsLocal(recipe.Model.Path ?? "")
        && HubLocator.IsLocal(recipe.Model.Tokenizer ?? "")
        && HubLocator.IsLocal(DraftOf(recipe) is { } draft ? draft.Options.Path : "")
        && HubLocator.IsLocal(recipe.Data.Train)
        && (recipe.Data.Eval is null || HubLocator.IsLocal(recipe.Data.Eval));

    /// <summary>Finds everything that a recipe names, and downloads what is missing.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="hub">Finds and downloads.</param>
    /// <param name="pinned">What names stood for when the run began, so that it goes on with the same.</param>
    /// <param name="cancel">Asks to stop.</param>
    /// <exception cref="HubException">Something is nowhere, or cannot be reached.</exception>
    /// <exception cref="DataException">A data set has several splits, and none is named.</exception>
    public static async Task<LocatedRecipe> FindAsync(
        Recipe recipe, HubLocator hub, IReadOnlyDictionary<string, string> pinned, CancellationToken cancel)
    {
        Dictionary<string, string> sources = [];
        string Pinned(string name) => pinned.GetValueOrDefault(name, name);

        string Keep(string name, LocatedPath found)
        {
            if (found.Source.Length > 0)
            {
                sources[name] = found.Source;
            }

            return found.Path;
        }

        async Task<DataSourceOptions> Data(DataSourceOptions data)
        {
            var found = await hub.DataAsync(data with { Path = Pinned(data.Path) }, cancel);
            return found.Options with { Path = Keep(data.Path, new LocatedPath(found.Options.Path, found.Source)) };
        }

        var (model, tokenizer) = (recipe.Model.Path, recipe.Model.Tokenizer);
        var local = recipe with
        {
            Method = DraftOf(recipe) is var (grpo, draft)
                ? grpo with
                {
                    Speculation = draft with
                    {
                        Path = Keep(draft.Path, await hub.ModelAsync(Pinned(draft.Path), cancel)),
                    },
                }
                : recipe.Method,
            Model = recipe.Model with
            {
                Path = model is null ? null : Keep(model, await hub.ModelAsync(Pinned(model), cancel)),
                Tokenizer = tokenizer is null
                    ? null
                    : Keep(tokenizer, await hub.TokenizerAsync(Pinned(tokenizer), cancel)),
            },
            Data = recipe.Data with
            {
                Train = await Data(recipe.Data.Train),
                Eval = recipe.Data.Eval is { } eval ? await Data(eval) : null,
            },
        };
        return new LocatedRecipe(recipe, local, sources);
    }

    private static (GrpoOptions Grpo, DraftSpeculationOptions Options)? DraftOf(Recipe recipe) =>
        recipe.Method is GrpoOptions { Speculation: DraftSpeculationOptions draft } grpo ? (grpo, draft) : null;
}

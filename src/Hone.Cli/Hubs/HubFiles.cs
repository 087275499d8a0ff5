using Hone.Data;
using Hone.Data.Hub;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Hubs;

/// <summary>Turns what a user names into local paths; what lies on the hub is downloaded first, before the user's
/// eyes.</summary>
internal sealed class HubFiles(Session session)
{
    /// <summary>The folder or file of a model.</summary>
    /// <exception cref="HubException">It is nowhere, or cannot be reached.</exception>
    public string Model(string name) => HubLocator.IsLocal(name)
        ? name
        : Find((hub, cancel) => hub.ModelAsync(name, cancel)).Path;

    /// <summary>The folder or file of a tokenizer.</summary>
    /// <exception cref="HubException">It is nowhere, or cannot be reached.</exception>
    public string Tokenizer(string name) => HubLocator.IsLocal(name)
        ? name
        : Find((hub, cancel) => hub.TokenizerAsync(name, cancel)).Path;

    /// <summary>The rows of a file, a folder or a data set.</summary>
    /// <exception cref="HubException">They are nowhere, or cannot be reached.</exception>
    /// <exception cref="DataException">They cannot be read.</exception>
    public DataSource Data(DataSourceOptions data) => DataSource.Open(
        HubLocator.IsLocal(data) ? data : Find((hub, cancel) => hub.DataAsync(data, cancel)).Options);

    /// <summary>A recipe with all that it names.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="resume">Whether its run goes on, with what the names stood for when it began.</param>
    /// <exception cref="HubException">Something is nowhere, or cannot be reached.</exception>
    public LocatedRecipe Recipe(Recipe recipe, bool resume)
    {
        if (LocatedRecipe.IsLocal(recipe))
        {
            return LocatedRecipe.OfFiles(recipe);
        }

        var pinned = resume ? RunFolder.SourcesOf(recipe.Output) : new Dictionary<string, string>();
        return Find((hub, cancel) => LocatedRecipe.FindAsync(recipe, hub, pinned, cancel));
    }

    /// <summary>The files of a repository.</summary>
    /// <exception cref="HubException">It is nowhere, or cannot be reached.</exception>
    public LocatedPath Pull(HubName name, IReadOnlyList<string> include, IReadOnlyList<string> exclude) =>
        Find((hub, cancel) => hub.PullAsync(name, include, exclude, cancel));

    /// <summary>The cache, to look at.</summary>
    public CacheContents Cache() => new(session.Environment.Options().CacheFolder);

    private T Find<T>(Func<HubLocator, CancellationToken, Task<T>> find)
    {
        using var http = HubLocator.CreateHttpClient();
        using var progress = new HubProgress(session.Terminal, TimeProvider.System);
        var hub = new HubLocator(session.Environment.Options(), http, TimeProvider.System, progress);
        var cancel = session.Interruption.Watch();
        return find(hub, cancel).GetAwaiter().GetResult();
    }
}

using FaceLandmark.Capture;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Remote;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Serving;

/// <summary>The models that are served, by name. Each network is there once, in four forms.</summary>
internal sealed class ServedModels : IDisposable
{
    private const string DrpAi = "-drpai";
    private readonly Dictionary<string, ServedModel> _models = new(StringComparer.Ordinal);
    private readonly List<ServedNetwork> _networks = [];
    private readonly FramePool _pool = new();
    private readonly ServeOptions _options;
    private readonly PicturesOptions _pictures;

    /// <summary>Models that are still to be added.</summary>
    /// <param name="options">How many requests wait.</param>
    /// <param name="pictures">How large pictures may be.</param>
    public ServedModels(ServeOptions options, PicturesOptions pictures) => (_options, _pictures) = (options, pictures);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ServedModel> All => _models.Values;

    /// <summary>The networks behind them.</summary>
    public IReadOnlyList<ServedNetwork> Networks => _networks;

    /// <summary>Loads those of the catalogue that the options name, and the DRP-AI where there is one.</summary>
    /// <exception cref="ExplainedException">One that they name cannot be loaded, or none can.</exception>
    public static ServedModels Load(
        ServeOptions options,
        ModelsOptions models,
        EnginesOptions engines,
        PicturesOptions pictures,
        PreprocessPath path,
        ILogger logger
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var served = new ServedModels(options, pictures);
        try
        {
            var catalogue = new ModelCatalogue(models);
            var names = options.Names();
            foreach (var name in names.Where(name => !name.EndsWith(DrpAi, StringComparison.Ordinal)))
                served.Add(EngineFactory.OpenNetwork(catalogue.Find(name), engines, path));
            if (names.Count == 0)
                served.AddAll(catalogue, engines, path, logger);
            served.AddDrpAi(names, catalogue, engines, logger);
            if (served._models.Count == 0)
                throw new EngineException($"No model of {catalogue.Folder} can be served; the lines above say why.");
            return served;
        }
        catch
        {
            served.Dispose();
            throw;
        }
    }

    /// <summary>A model.</summary>
    /// <exception cref="ServingException">There is none of this name and version.</exception>
    public ServedModel Find(string name, string version)
    {
        if (!_models.TryGetValue(name, out var model))
            throw new ServingException(
                ServingFault.NotFound,
                $"There is no model '{PublicText.Shown(name[..Math.Min(80, name.Length)])}' here, but {string.Join(", ", _models.Keys)}."
            );
        return version is "" or ServedModel.Version
            ? model
            : throw new ServingException(
                ServingFault.NotFound,
                $"The model {name} has no version '{PublicText.Shown(version[..Math.Min(80, version.Length)])}', but {ServedModel.Version}."
            );
    }

    /// <summary>Serves a network, which it takes over, warm from then on.</summary>
    /// <exception cref="ExplainedException">It cannot be run, or gives other points than its card says.</exception>
    public void Add(LandmarkNetwork network, string suffix = "")
    {
        ArgumentNullException.ThrowIfNull(network);
        try
        {
            SelfTestRun.Of(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        var served = new ServedNetwork(network, _options.QueueLength);
        _networks.Add(served);
        var name = network.Info.Model.Name + suffix;
        foreach (var form in Enum.GetValues<RemoteEncoding>())
        {
            var formName = form == RemoteEncoding.Fp32 ? name : name + "-" + form.Word();
            _models[formName] = new ServedModel(formName, served, form, _pool, _pictures);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _networks.ForEach(network => network.Dispose());
        _pool.Dispose();
    }

    private void AddAll(ModelCatalogue catalogue, EnginesOptions engines, PreprocessPath path, ILogger logger)
    {
        var cards = catalogue.List(logger.NotServed).ToList();
        if (catalogue.Configured() is var used && cards.All(card => card.Name != used.Name))
            cards.Add(used);
        foreach (var card in cards)
        {
            try
            {
                Add(EngineFactory.OpenNetwork(card, engines, path));
            }
            catch (ExplainedException reason)
            {
                logger.NotServed(reason.Message);
            }
        }
    }

    private void AddDrpAi(IReadOnlyList<string> names, ModelCatalogue catalogue, EnginesOptions engines, ILogger logger)
    {
        var wanted = names.FirstOrDefault(name => name.EndsWith(DrpAi, StringComparison.Ordinal));
        if (names.Count > 0 && wanted is null)
            return;
        ModelCard card = wanted is null ? catalogue.Configured() : catalogue.Find(wanted[..^DrpAi.Length]);
        try
        {
            // Pictures come cut out, and need no device that cuts.
            if (EngineFactory.OpenDrpAiNetwork(card, engines, LocateMode.FullFrame) is { } network)
                Add(network, DrpAi);
            else if (wanted is not null)
                throw new EngineException(
                    $"Serve:Models names {wanted}, but this machine has no DRP-AI: "
                        + "set Engines:DrpAi:Device to emulated to have one imitated."
                );
        }
        catch (ExplainedException reason) when (wanted is null)
        {
            logger.NotServed(reason.Message);
        }
    }
}

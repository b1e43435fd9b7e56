using System.Collections.Concurrent;
using FaceLandmark.Inference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Serving;

/// <summary>
/// A network and the requests that wait for it: one prepares its tensor while another one is inferred, in the order in which they came. As
/// many as <see cref="ServeOptions.QueueLength"/> are there at once; more are refused at once rather than kept waiting. Thread-safe.
/// </summary>
internal sealed class ServedNetwork : IDisposable
{
    private readonly LandmarkNetwork _network;
    private readonly int _most;
    private readonly SemaphoreSlim _preparing = new(1);
    private readonly BlockingCollection<Turn> _turns = [];
    private readonly Task _working;
    private int _underWay;

    /// <summary>Takes a network over.</summary>
    /// <param name="network">The network, warm.</param>
    /// <param name="most">Requests at once.</param>
    public ServedNetwork(LandmarkNetwork network, int most)
    {
        (_network, _most) = (network, most);
        _working = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What it is.</summary>
    public EngineInfo Info => _network.Info;

    /// <summary>What its file calls its tensors.</summary>
    public TensorNames Tensors => _network.Tensors;

    /// <summary>Requests that are there.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Infers one face.</summary>
    /// <param name="fill">Makes the network's input; one at a time.</param>
    /// <param name="end">The client does not wait any more.</param>
    /// <returns>The points, x and y as fractions of the picture, and the presence logit (NaN: the network has none).</returns>
    /// <exception cref="ServingException">The queue is full, or the engine refuses.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer.</exception>
    public async Task<(float[] Points, float Presence)> InferAsync(Action<LandmarkNetwork, FaceTensor> fill, CancellationToken end)
    {
        ArgumentNullException.ThrowIfNull(fill);
        if (Interlocked.Increment(ref _underWay) > _most)
        {
            Interlocked.Decrement(ref _underWay);
            throw new ServingException(
                ServingFault.Exhausted,
                $"{_most} requests wait for the model {Info.Model.Name} already: ask again later, or another server."
            );
        }

        FaceTensor? tensor = null;
        try
        {
            await _preparing.WaitAsync(end).ConfigureAwait(false);
            try
            {
                tensor = _network.Rent();
                fill(_network, tensor);
            }
            finally
            {
                _preparing.Release();
            }

            var turn = new Turn(tensor, end);
            _turns.Add(turn, CancellationToken.None);
            await turn.Done.Task.ConfigureAwait(false);
            return (tensor.Output.ToArray(), tensor.Presence);
        }
        catch (EngineException reason)
        {
            throw new ServingException(ServingFault.Engine, reason.Message, reason);
        }
        catch (InvalidOperationException) when (_turns.IsAddingCompleted)
        {
            throw new ServingException(ServingFault.Stopping, "The server stops: ask another one.");
        }
        finally
        {
            if (tensor is not null)
                _network.Return(tensor);
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _turns.CompleteAdding();
        _network.GiveUp();
        _network.Dispose();
    }

    private void Work()
    {
        foreach (var turn in _turns.GetConsumingEnumerable())
        {
            if (turn.End.IsCancellationRequested)
            {
                turn.Done.TrySetCanceled(turn.End);
                continue;
            }

            try
            {
                _network.Run(turn.Tensor);
                turn.Done.TrySetResult();
            }
#pragma warning disable CA1031 // an edge: whatever the engine throws is the request's, and the next one has its turn
            catch (Exception reason)
#pragma warning restore CA1031
            {
                turn.Done.TrySetException(reason);
            }
        }
    }

    private sealed record Turn(FaceTensor Tensor, CancellationToken End)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

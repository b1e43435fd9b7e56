using System.Runtime.ExceptionServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>
/// The one thread that networks run on which more than one thread computes. TVM gives every thread that runs a network a pool of workers,
/// which it keeps until the process ends: run on the thread pool, a node would collect dozens of them that compete for the cores.
/// </summary>
internal sealed class TvmThread
{
    private readonly Lock _turn = new();
    private readonly object _handOver = new();
    private Action? _work;
    private Exception? _fault;
    private bool _ended;

    public TvmThread() => new Thread(Loop) { IsBackground = true, Name = "tvm" }.Start();

    /// <summary>
    /// Runs <paramref name="work"/> there and waits for its end; what it throws comes out here. One caller at a time, others wait.
    /// </summary>
    public void Run(Action work)
    {
        lock (_turn)
        {
            Exception? fault;
            lock (_handOver)
            {
                _work = work;
                Monitor.PulseAll(_handOver);
                while (_work is not null)
                    Monitor.Wait(_handOver);
                fault = _fault;
            }

            if (fault is not null)
                ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Ends the thread.</summary>
    public void End() => Run(() => _ended = true);

    private void Loop()
    {
        lock (_handOver)
        {
            while (!_ended)
            {
                while (_work is null)
                    Monitor.Wait(_handOver);
                _fault = null;
                try
                {
                    _work();
                }
#pragma warning disable CA1031 // thrown again on the caller's thread
                catch (Exception reason)
#pragma warning restore CA1031
                {
                    _fault = reason;
                }

                _work = null;
                Monitor.PulseAll(_handOver);
            }
        }
    }
}

using System.Globalization;

namespace FaceLandmark.Pipeline;

/// <content>The first half of step 6: what comes back from the engines, and what does not.</content>
internal sealed partial class Dispatcher
{
    /// <summary>An engine is done with a work item: appends what goes on from here, if anything.</summary>
    public void Settle(FrameWork work, ICollection<FrameWork> results)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(results);
        var changed = false;
        lock (_lock)
        {
            var assignment = work.Assignment;
            assignment.Station.Works.Remove(work);
            assignment.Station.ProgressAt = _time.GetTimestamp();
            if (assignment.IsAbandoned)
                Retire(work);
            else if (assignment.Part == AssignmentPart.Probe)
                changed = SettleProbe(work);
            else if (assignment.Part == AssignmentPart.Replaceable && WhyFailed(work) is { } fault)
                changed = Replace(work, fault);
            else if (assignment.Part == AssignmentPart.Pair)
                SettlePair(work, results);
            else
                Emit(work, results);
            Pump();
        }

        if (changed)
            Changed?.Invoke();
    }

    /// <summary>Looks for engines that hang or are too slow; appends what goes on without them. To be called now and then.</summary>
    public void Watch(ICollection<FrameWork> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (_drpai is null)
            return;
        var changed = false;
        lock (_lock)
        {
            var slow =
                _drpai.Works.Count > 0
                && _time.GetElapsedTime(Math.Max(_drpai.Works[0].Assignment.Since, _drpai.ProgressAt)) > _options.SlowAfter;
            for (var i = 0; slow && i < _drpai.Works.Count; i++)
                changed |= GiveUp(_drpai.Works[i]);
            for (var i = _pairs.Count - 1; i >= 0; i--)
            {
                var work = _pairs[i];
                if (_time.GetElapsedTime(work.Assignment.Since) <= _options.OrderWindow)
                    continue;
                _pairs.RemoveAt(i);
                work.Assignment.Partner!.Assignment.IsAbandoned = true;
                _underWay--;
                TellOneSided(
                    work.Assignment.Partner,
                    $"no result within {_options.OrderWindow.TotalSeconds:0.###} s after the other engine's"
                );
                Emit(work, results);
            }

            Pump();
        }

        if (changed)
            Changed?.Invoke();
    }

    private static string? WhyFailed(FrameWork work) => work.Fault ?? (InferenceLane.HasNumbers(work) ? null : "it gave NaN or infinity");

    private bool SettleProbe(FrameWork work)
    {
        var fault = WhyFailed(work);
        var failedFor = _health.FailedFor;
        var isNews = fault is null ? _health.Fault is not null : _health.Fail(fault);
        if (fault is null && isNews)
        {
            _health.Recover();
            _logger.EngineRecovered(_drpai!.Lane.Info.Name, failedFor.TotalSeconds);
        }

        Retire(work);
        return isNews;
    }

    private bool Replace(FrameWork work, string fault)
    {
        var isNews = Fail(fault);
        InferenceLane.Return(work);
        work.Fault = null;
        _underWay--;
        Start(work, _cpu, AssignmentPart.Final);
        return isNews;
    }

    /// <summary>The DRP-AI does not answer: a work item of it that can be replaced goes to the CPU engine.</summary>
    private bool GiveUp(FrameWork work)
    {
        if (work.Assignment is not { IsAbandoned: false, Part: AssignmentPart.Replaceable or AssignmentPart.Probe } assignment)
            return false;
        assignment.IsAbandoned = true;
        if (assignment.Part == AssignmentPart.Replaceable)
        {
            Start(_works.Copy(work), _cpu, AssignmentPart.Final);
            _underWay--;
        }

        return Fail(string.Create(CultureInfo.InvariantCulture, $"it gave no result within {_options.SlowAfter.TotalSeconds:0.###} s"));
    }

    private bool Fail(string fault)
    {
        var isNew = _health.Fail(fault);
        if (isNew)
            _logger.EngineFailed(_drpai!.Lane.Info.Name, fault, _cpu.Lane.Info.Name, _options.ProbeEvery.TotalSeconds);
        return isNew;
    }

    private void SettlePair(FrameWork work, ICollection<FrameWork> results)
    {
        var partner = work.Assignment.Partner!;
        if (!_pairs.Remove(partner))
        {
            work.Assignment.Since = _time.GetTimestamp();
            _pairs.Add(work);
            return;
        }

        var (first, second) = work.Assignment.Station == _cpu ? (work, partner) : (partner, work);
        _underWay--; // the two go on as one
        var (firstFault, secondFault) = (WhyFailed(first), WhyFailed(second));
        if (firstFault is null && secondFault is null)
        {
            _oneSided.Clear();
            first.Twin = second;
            Emit(first, results);
            return;
        }

        var (kept, given) = secondFault is null ? (second, first) : (first, second);
        if (firstFault is null || secondFault is null)
            TellOneSided(given, firstFault ?? secondFault!);
        Retire(given);
        Emit(kept, results);
    }

    private void TellOneSided(FrameWork work, string fault)
    {
        if (_oneSided.ShouldReport(out var count))
            _logger.NotCompared(work.Camera.Name, work.Sequence, work.Assignment.Station.Lane.Info.Name, fault, count);
    }

    private void Emit(FrameWork work, ICollection<FrameWork> results)
    {
        results.Add(work);
        _underWay--;
    }

    private void Retire(FrameWork work)
    {
        InferenceLane.Return(work);
        _works.Return(work);
    }
}

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
            assignment.Station.Learn(work, assignment.Part == AssignmentPart.Probe ? 1 : Remembered);
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
            changed |= LeaveOut();
            Pump();
        }

        if (changed)
            Changed?.Invoke();
    }

    /// <summary>Looks for engines that hang or are too slow; appends what goes on without them. To be called now and then.</summary>
    public void Watch(ICollection<FrameWork> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var changed = false;
        lock (_lock)
        {
            foreach (var station in _stations)
            {
                var slow = station.SilentFor(_time) > _options.SlowAfter;
                for (var i = 0; slow && i < station.Works.Count; i++)
                    changed |= GiveUp(station.Works[i]);
            }

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

            changed |= LeaveOut();
            Pump();
        }

        if (changed)
            Changed?.Invoke();
    }

    private static string? WhyFailed(FrameWork work) => work.Fault ?? (InferenceLane.HasNumbers(work) ? null : "it gave NaN or infinity");

    private bool SettleProbe(FrameWork work)
    {
        var fault = WhyFailed(work);
        var station = work.Assignment.Station;
        var failedFor = station.Health.FailedFor;
        var isNews = fault is null ? station.Health.Fault is not null : station.Health.Fail(fault);
        if (fault is null && isNews)
        {
            station.Health.Recover();
            _logger.EngineRecovered(station.Name, failedFor.TotalSeconds);
        }

        Retire(work);
        return isNews;
    }

    private bool Replace(FrameWork work, string fault)
    {
        var station = work.Assignment.Station;
        var isNews = Fail(station, fault);
        InferenceLane.Return(work);
        work.Fault = null;
        _underWay--;
        TakeOver(work, station);
        return isNews;
    }

    private void TakeOver(FrameWork work, EngineStation failed)
    {
        var next = Next(failed);
        Start(work, next, IsLast(next) ? AssignmentPart.Final : AssignmentPart.Replaceable);
    }

    /// <summary>An engine does not answer: a work item of it that can be replaced goes to the next engine.</summary>
    private bool GiveUp(FrameWork work)
    {
        if (work.Assignment is not { IsAbandoned: false, Part: AssignmentPart.Replaceable or AssignmentPart.Probe } assignment)
            return false;
        if (_mode == DispatchMode.Balance && assignment.Part == AssignmentPart.Probe)
            return false; // that it is slow is known
        assignment.IsAbandoned = true;
        var isNews = Fail(
            assignment.Station,
            string.Create(CultureInfo.InvariantCulture, $"it gave no result within {_options.SlowAfter.TotalSeconds:0.###} s")
        );
        if (assignment.Part == AssignmentPart.Replaceable)
        {
            TakeOver(_works.Copy(work), assignment.Station);
            _underWay--;
        }

        return isNews;
    }

    private bool Fail(EngineStation station, string fault)
    {
        var isNew = station.Health.Fail(fault);
        if (isNew)
            _logger.EngineFailed(station.Name, fault, Next(station).Name, _options.ProbeEvery.TotalSeconds);
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

        var (first, second) = work.Assignment.IsSecond ? (partner, work) : (work, partner);
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
            _logger.NotCompared(work.Camera.Name, work.Sequence, work.Assignment.Station.Name, fault, count);
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

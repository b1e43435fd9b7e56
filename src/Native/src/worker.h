#ifndef FACELANDMARK_WORKER_H
#define FACELANDMARK_WORKER_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace facelandmark {

/*
 * A thread that does one job after the other for callers who do not wait for ever. The thread and its jobs touch only memory that the
 * jobs keep alive themselves, so that one that hangs harms nobody. Used by one caller at a time.
 */
class Worker {
public:
    Worker();

    /* Lets the thread end; waits for it unless it hangs. */
    ~Worker();

    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    /* False: the job before still hangs. */
    bool is_free();

    /* Jobs of all workers, of those that are gone too, that have not returned. */
    static uint32_t under_way();

    /* Does a job. False: it did not end in time. What the job throws is thrown here. */
    bool run(std::function<void()> job, std::chrono::milliseconds limit);

private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        std::function<void()> job;
        std::exception_ptr failure;
        bool busy = false;
        bool ending = false;
        bool ended = false;
    };

    static void work(const std::shared_ptr<State> &state);

    std::shared_ptr<State> state_;
};

} // namespace facelandmark

#endif

#include "worker.h"

#include <atomic>
#include <thread>
#include <utility>

namespace facelandmark {
namespace {

std::atomic<uint32_t> jobs_under_way{0};

} // namespace

uint32_t Worker::under_way()
{
    return jobs_under_way;
}

Worker::Worker() : state_(std::make_shared<State>())
{
    std::thread([state = state_] { work(state); }).detach();
}

Worker::~Worker()
{
    std::unique_lock<std::mutex> lock(state_->mutex);
    state_->ending = true;
    state_->changed.notify_all();
    if (!state_->busy)
        state_->changed.wait(lock, [this] { return state_->ended; });
}

bool Worker::is_free()
{
    const std::lock_guard<std::mutex> lock(state_->mutex);
    return !state_->busy;
}

bool Worker::run(std::function<void()> job, std::chrono::milliseconds limit)
{
    std::unique_lock<std::mutex> lock(state_->mutex);
    state_->job = std::move(job);
    state_->failure = nullptr;
    state_->busy = true;
    jobs_under_way++;
    state_->changed.notify_all();
    if (!state_->changed.wait_for(lock, limit, [this] { return !state_->busy; }))
        return false;
    if (state_->failure != nullptr)
        std::rethrow_exception(std::exchange(state_->failure, nullptr));
    return true;
}

void Worker::work(const std::shared_ptr<State> &state)
{
    std::unique_lock<std::mutex> lock(state->mutex);
    for (;;) {
        state->changed.wait(lock, [&] { return state->busy || state->ending; });
        if (!state->busy)
            break;
        std::function<void()> job = std::move(state->job);
        state->job = nullptr;
        lock.unlock();
        std::exception_ptr failure;
        try {
            job();
        } catch (...) {
            failure = std::current_exception();
        }
        job = nullptr; /* may be the last to hold the runtime */
        lock.lock();
        state->failure = failure;
        state->busy = false;
        jobs_under_way--;
        state->changed.notify_all();
    }
    state->ended = true;
    state->changed.notify_all();
}

} // namespace facelandmark

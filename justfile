# Every habit of the project is a recipe, and every recipe is a plain command that works without just.

# List the recipes.
default:
    @just --list

# All that CI checks, read-only: what it runs is listed in .ci/run and nowhere else.
verify:
    .ci/run

# All tests.
test:
    cargo test

# The example Rafts in the style of the labs, under every scenario that applies to them.
labs:
    cargo test -p splitvote-labs
    cargo run --release -p splitvote-labs --bin lab-raft -- run --seeds 50

# openraft from the registry, under every scenario that applies to it.
openraft *arguments="":
    cargo test -p splitvote-openraft
    cargo run --release -p splitvote-openraft -- run --seeds 50 sim-scenarios/lab sim-scenarios/crashes sim-scenarios/snapshots sim-scenarios/swarm/five.toml {{arguments}}

# The released crate raft (raft-rs) in the lab's scenarios and in storms; a cluster of one is a known finding.
raft-rs seeds="20":
    cargo run --release -p splitvote-raft-rs -- run --seeds {{seeds}} sim-scenarios/lab $(ls sim-scenarios/swarm/*.toml | grep -v /one.toml)

# The released crate raftbare, and whether what was found in it is found still.
raftbare:
    cargo run --release -p splitvote-raftbare -- run reports/rafts/raftbare-committed-lost.toml reports/rafts/raftbare-vote-behind.toml

# Is everything formatted?
check-format:
    cargo fmt --all --check

# Lints, warnings denied.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Documentation, warnings denied.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# A million mutated scenario files, case files and command lines, with figures in reports/fuzz.md: `just fuzz-input 100000 --seed 7`.
fuzz-input inputs="1000000" *arguments="":
    cargo build --release -p splitvote-cli -p splitvote-fuzz
    target/release/splitvote-fuzz --inputs {{inputs}} --command target/release/splitvote --report reports/fuzz.md {{arguments}}

# Does it compile with the oldest Rust that Cargo.toml promises?
minimum-rust:
    .ci/minimum-rust

# Every seed twice, and once more in a second process.
determinism:
    cargo run --release -- check-determinism

# The golden digests, in a release build too.
golden:
    cargo test --release -p splitvote --test golden

# Every mutant, a few seeds.
short-zoo:
    cargo run --release -- zoo --max-seeds 50

# A run that must fail, and must be reported; and it must not fail against the reference.
canary:
    cargo build --release
    .ci/canary
    ! .ci/canary reference

# Does every mutant that a checker's head names trip it? Takes minutes.
trips:
    cargo test --release -p splitvote-cli --test it -- --ignored every_mutant_of_every_head_trips_its_checker

# Lines of production code, without tests and comments, by crate: `just count`, `just count 03fd832`.
count *revision:
    .ci/count-code {{revision}}

# Format and mend what can be mended.
fix:
    cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged
    cargo fmt --all

# Rewrite golden files. Commit a change only when its cause is understood.
bless:
    SPLITVOTE_BLESS=1 cargo test -p splitvote --test golden
    SPLITVOTE_BLESS=1 cargo test -p splitvote-report
    SPLITVOTE_BLESS=1 cargo test -p splitvote-experiment --test atlas
    cargo run --release -- experiment atlas

# Is the atlas of up to five peers as it is committed? Takes some minutes.
atlas-of-five:
    cargo test --release -p splitvote-experiment --test atlas -- --ignored

# All scenarios over many seeds: `just sweep 20000`.
sweep seeds="1000" *arguments="":
    cargo run --release -- run --seeds {{seeds}} {{arguments}}

# One seed in columns: `just replay sim-scenarios/paper/split-votes.toml 3`.
replay scenario seed *arguments="":
    cargo run --release -- replay {{scenario}} --seed {{seed}} {{arguments}}

# The kill matrix, written to reports/zoo.md, and every mutant's smallest case, to reports/zoo/.
zoo:
    cargo run --release -- zoo --max-seeds 2000 --shrink reports/zoo --report reports/zoo.md

# The pages and pictures of docs/pages.md; needs chromium.
pages:
    cargo build --release
    target/release/splitvote replay reports/pages/two-leaders.toml --html reports/pages/two-leaders.html
    target/release/splitvote replay reports/pages/two-leaders.toml --html reports/pages/beside.html --beside reference
    target/release/splitvote zoo --max-seeds 1000 --html reports/pages/zoo.html
    target/release/splitvote experiment paper-elections --html reports/pages/paper-elections.html
    -target/release/splitvote run --raft N17 --seeds 20 --stop-at-first sim-scenarios/canary sim-scenarios/paper sim-scenarios/liveness/chain.toml --report reports/pages/sweep
    target/release/splitvote report index reports/pages
    target/release/splitvote zoo --max-seeds 1000 --html reports/latest/zoo.html --case-pages
    cd crates/splitvote-page && npm ci --no-audit --no-fund && node browser/screenshots.js

# The front end of pages: types, format, and a browser that uses them.
check-pages:
    cargo build --release
    .ci/pages

# Exports and schemas, read back by programs of others; needs npm and python3.
check-exports:
    cargo build --release
    .ci/exports

# The paper's election experiment, written to reports/paper-elections/.
experiment:
    cargo run --release -- experiment paper-elections

# Side by side with the floor, written to reports/bench.md.
bench *arguments="":
    cargo run --release -p splitvote-bench -- {{arguments}}

# The ping beside madsim, turmoil and tokio, written to reports/bench.md and README.md.
bench-beside *arguments="":
    cargo run --release -p splitvote-bench -- --beside {{arguments}}

# In turns with another build, say of an older commit: `just bench-against ../old/target/release/splitvote-bench`.
bench-against path *arguments="":
    cargo run --release -p splitvote-bench -- --check --against {{path}} {{arguments}}

# Every decision of the reference Raft changed in turn, written to reports/mutation.md. Takes an hour or more; a call that was interrupted goes on.
mutation *arguments="":
    cargo run --release -p splitvote-mutation -- --report reports/mutation.md {{arguments}}

# Every fortieth of them, a few seeds each: a short check that mutants are still killed.
mutation-sample:
    cargo run --release -p splitvote-mutation -- --sample 40 --seeds 5 --afresh --kept target/mutation-sample.ndjson --at-least 50

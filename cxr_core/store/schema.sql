-- One run. Written whole, then never changed. NULL means not recorded or not defined; NaN inside a list means unknown.
-- `finding` is the class's name, except in name_match, raw_label and box, where it is the dataset's own.
-- DuckDB enforces every rule when a row is written; a file whose rules are not these is not opened (store/open.py), so that
-- a page need not expect a NULL, a number or a length that is forbidden here.
-- Names have at most 200 characters, paths and sentences 1,000, reasons 500; NaN is above every number, so BETWEEN forbids it.

CREATE TABLE run (
    run_id VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL, -- UTC
    preset VARCHAR NOT NULL,
    parent VARCHAR, -- the run whose members were scored again
    config JSON NOT NULL,
    versions JSON NOT NULL,
    git_commit VARCHAR,
    device VARCHAR NOT NULL,
    seconds DOUBLE NOT NULL,
    schema_version INTEGER NOT NULL,
    notes VARCHAR[] NOT NULL, -- what a reader of the numbers must know, one sentence each
    CHECK (length(run_id) <= 200 AND length(preset) <= 200 AND length(device) <= 200),
    CHECK (greatest(length(parent), length(git_commit)) <= 200),
    CHECK (created_at BETWEEN TIMESTAMP '2000-01-01' AND TIMESTAMP '2999-12-31'),
    CHECK (length(config::VARCHAR) <= 100000 AND length(versions::VARCHAR) <= 10000),
    CHECK (list_count(notes) = len(notes) AND len(notes) <= 1000 AND length(array_to_string(notes, '')) <= 100000)
);

CREATE TABLE dataset (
    dataset VARCHAR NOT NULL,
    site VARCHAR NOT NULL CHECK (site IN ('source', 'external')),
    reader VARCHAR NOT NULL, -- the reader module
    training_policy VARCHAR, -- NULL: nothing was trained on it
    manifest_fingerprint VARCHAR NOT NULL,
    pipeline_fingerprint VARCHAR NOT NULL,
    n_images INTEGER NOT NULL, -- rows of `image`
    n_patients INTEGER, -- NULL: patients are not recorded
    n_left_out INTEGER NOT NULL, -- by view, cap or sample
    n_rejected INTEGER NOT NULL, -- rows of `rejected`
    CHECK (greatest(length(dataset), length(reader), length(training_policy)) <= 200),
    CHECK (greatest(length(manifest_fingerprint), length(pipeline_fingerprint)) <= 200),
    CHECK (least(n_images, n_patients, n_left_out, n_rejected) >= 0)
);

CREATE TABLE policy (
    dataset VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    is_default BOOLEAN NOT NULL,
    description VARCHAR NOT NULL,
    CHECK (greatest(length(dataset), length(policy)) <= 200),
    CHECK (length(description) <= 1000)
);

CREATE TABLE image (
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    patient_id VARCHAR, -- a pseudonym; NULL: not recorded
    file VARCHAR NOT NULL, -- relative to the dataset's root; a keyed hash where the dataset is private
    content_hash VARCHAR, -- which exposure it is, 'blake3:...'; NULL: left out before it was read
    picture_hash VARCHAR, -- which picture was made of it: its pixels are looked up by this; NULL as content_hash
    view VARCHAR CHECK (view IN ('PA', 'AP', 'frontal', 'lateral')),
    sex VARCHAR CHECK (sex IN ('F', 'M')),
    age_years FLOAT,
    width INTEGER,
    height INTEGER,
    left_out VARCHAR CHECK (left_out IN ('view', 'cap', 'sample')), -- 'cap': predicted where held out, for the task 'finding' alone
    CHECK (greatest(length(dataset), length(image_id), length(patient_id), length(content_hash), length(picture_hash)) <= 200),
    CHECK (length(file) <= 1000),
    CHECK (age_years BETWEEN 0 AND 130),
    CHECK (least(width, height) >= 1)
);

CREATE TABLE name_match (
    dataset VARCHAR NOT NULL,
    finding VARCHAR NOT NULL, -- the dataset's own name
    class TINYINT NOT NULL CHECK (class BETWEEN 0 AND 5),
    grade VARCHAR NOT NULL CHECK (grade IN ('exact', 'close', 'weak')),
    reason VARCHAR NOT NULL,
    CHECK (greatest(length(dataset), length(finding)) <= 200),
    CHECK (length(reason) <= 500)
);

CREATE TABLE raw_label (
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    finding VARCHAR NOT NULL, -- the dataset's own name
    reader VARCHAR NOT NULL,
    value TINYINT CHECK (value IN (1, 0, -1)), -- -1: uncertain, NULL: blank
    CHECK (greatest(length(dataset), length(image_id), length(finding), length(reader)) <= 200)
);

CREATE TABLE box (
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    finding VARCHAR NOT NULL, -- the dataset's own name
    reader VARCHAR NOT NULL,
    x0 FLOAT NOT NULL, -- fractions of the image, from its upper left corner
    y0 FLOAT NOT NULL,
    x1 FLOAT NOT NULL,
    y1 FLOAT NOT NULL,
    CHECK (greatest(length(dataset), length(image_id), length(finding), length(reader)) <= 200),
    CHECK (x0 BETWEEN 0 AND 1 AND y0 BETWEEN 0 AND 1 AND x1 BETWEEN 0 AND 1 AND y1 BETWEEN 0 AND 1)
);

CREATE TABLE reference (
    dataset VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    class TINYINT CHECK (class BETWEEN 0 AND 5), -- NULL: no single class
    left_out VARCHAR CHECK (left_out IN ('none', 'several', 'uncertain')),
    present FLOAT[6] NOT NULL, -- 1, 0, NaN
    CHECK (greatest(length(dataset), length(policy), length(image_id)) <= 200),
    CHECK (list_has_all([0::FLOAT, 1, 'nan'::FLOAT], present::FLOAT[]))
);

CREATE TABLE rejected (
    dataset VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    CHECK (length(dataset) <= 200),
    CHECK (length(file) <= 1000),
    CHECK (length(reason) <= 500)
);

CREATE TABLE model (
    model_id VARCHAR NOT NULL,
    regime VARCHAR NOT NULL CHECK (regime IN ('full', 'split')),
    fold TINYINT, -- NULL: no folds, or over all of them: the mean over the folds' ensembles, or 'split-pooled'
    member TINYINT, -- NULL: an ensemble, with a fold that of its members alone
    seed BIGINT NOT NULL,
    architecture VARCHAR NOT NULL,
    weights_file VARCHAR, -- relative to the run's folder; NULL: the ensemble
    parameters BIGINT NOT NULL,
    CHECK (greatest(length(model_id), length(architecture)) <= 200),
    CHECK (length(weights_file) <= 1000),
    CHECK (least(fold, member, seed, parameters) >= 0)
);

CREATE TABLE epoch (
    model_id VARCHAR NOT NULL,
    epoch SMALLINT NOT NULL, -- 1, 2, ...
    train_loss DOUBLE NOT NULL,
    held_out_loss DOUBLE, -- NULL: nothing is held out
    seconds DOUBLE NOT NULL,
    learning_rate DOUBLE NOT NULL,
    CHECK (length(model_id) <= 200),
    CHECK (epoch >= 1 AND seconds BETWEEN 0 AND 1e9),
    CHECK (isfinite(train_loss) AND isfinite(held_out_loss) AND isfinite(learning_rate))
);

CREATE TABLE prediction (
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    role VARCHAR NOT NULL
        CHECK (role IN ('train', 'validation', 'internal_test', 'external_test', 'external_adapted', 'unused')),
    predicted TINYINT NOT NULL CHECK (predicted BETWEEN 0 AND 5),
    probability FLOAT[6] NOT NULL,
    CHECK (greatest(length(model_id), length(dataset), length(image_id)) <= 200),
    CHECK (list_count(probability) = 6 AND list_min(probability) >= 0 AND list_max(probability) <= 1)
);

CREATE TABLE feature (
    model_id VARCHAR NOT NULL, -- members only
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    vector FLOAT[] NOT NULL,
    CHECK (greatest(length(model_id), length(dataset), length(image_id)) <= 200),
    CHECK (list_count(vector) = len(vector) AND len(vector) BETWEEN 1 AND 4096),
    CHECK (list_min(vector) > '-inf'::FLOAT AND list_max(vector) < 'inf'::FLOAT)
);

CREATE TABLE saliency (
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    height SMALLINT NOT NULL,
    width SMALLINT NOT NULL,
    maps BLOB NOT NULL, -- 6 x height x width, uint8, each scaled to its own maximum
    scale FLOAT[6] NOT NULL, -- what 255 stands for in each map
    CHECK (greatest(length(model_id), length(dataset), length(image_id), length(method)) <= 200),
    CHECK (octet_length(maps) <= 100000000) -- readers compare the maps with height and width, and leave out what differs
);

CREATE TABLE mean_map (
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    finding VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('recognized', 'missed', 'false_alarm')),
    n INTEGER NOT NULL,
    height SMALLINT NOT NULL,
    width SMALLINT NOT NULL,
    map BLOB NOT NULL, -- uint8
    image BLOB, -- uint8, 224 x 224; NULL below n = 10: a mean of few is a patient
    box FLOAT[4], -- mean of the readers' boxes: x0, y0, x1, y1
    CHECK (greatest(length(model_id), length(dataset), length(role), length(policy), length(finding)) <= 200),
    CHECK (octet_length(map) <= 1000000), -- readers compare it with height and width
    CHECK (octet_length(image) BETWEEN 1 AND 1000000),
    CHECK (list_count(box) = 4 AND list_min(box) >= 0 AND list_max(box) <= 1)
);

CREATE TABLE metric (
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    task VARCHAR NOT NULL CHECK (task IN ('single_class', 'finding')),
    stratum VARCHAR NOT NULL, -- 'all', 'view=PA', 'sex=F', 'age=60-79'
    finding VARCHAR, -- NULL: all classes
    metric VARCHAR NOT NULL,
    value DOUBLE, -- NULL: undefined
    low DOUBLE, -- 95 % interval over patients; NULL: none
    high DOUBLE,
    n INTEGER NOT NULL,
    n_positive INTEGER, -- NULL: of no one class
    n_effective DOUBLE, -- images that count for the metric, as patients count: (sum of m)^2 / sum of m^2; NULL: of none
    not_estimable BOOLEAN NOT NULL, -- n_effective below 30
    CHECK (greatest(length(model_id), length(dataset), length(role), length(policy)) <= 200),
    CHECK (greatest(length(stratum), length(finding), length(metric)) <= 200),
    CHECK (isfinite(value)),
    CHECK (isfinite(low)),
    CHECK (isfinite(high)),
    CHECK (isfinite(n_effective) AND n_effective >= 0),
    CHECK (least(n, n_positive) >= 0)
);

CREATE TABLE pixels (
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    webp BLOB NOT NULL, -- only in an export made with images
    CHECK (greatest(length(dataset), length(image_id)) <= 200),
    CHECK (octet_length(webp) BETWEEN 1 AND 1000000)
);

CREATE TABLE gap (
    model_id VARCHAR NOT NULL,
    internal_dataset VARCHAR NOT NULL,
    internal_policy VARCHAR NOT NULL,
    external_dataset VARCHAR NOT NULL,
    external_policy VARCHAR NOT NULL,
    task VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    finding VARCHAR,
    metric VARCHAR NOT NULL,
    internal_value DOUBLE,
    external_value DOUBLE,
    value DOUBLE, -- internal minus external
    low DOUBLE,
    high DOUBLE,
    not_estimable BOOLEAN NOT NULL, -- at one of the sites, or at both
    classes VARCHAR[] NOT NULL, -- those in a macro average: estimable at both sites
    CHECK (greatest(length(model_id), length(internal_dataset), length(internal_policy)) <= 200),
    CHECK (greatest(length(external_dataset), length(external_policy)) <= 200),
    CHECK (greatest(length(task), length(stratum), length(finding), length(metric)) <= 200),
    CHECK (isfinite(internal_value)),
    CHECK (isfinite(external_value)),
    CHECK (isfinite(value)),
    CHECK (isfinite(low)),
    CHECK (isfinite(high)),
    CHECK (list_count(classes) = len(classes) AND len(classes) <= 100 AND length(array_to_string(classes, '')) <= 2000)
);

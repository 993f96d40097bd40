-- One run. Written whole, then never changed. NULL means not recorded or not defined; NaN inside a list means unknown.
-- The run's classes are the rows of `finding`; a list of them has {k} entries, one a class, in the order of `finding`.index.
-- Elsewhere `finding` is the class's name, except in name_match, raw_label and box, where it is the dataset's own.
-- What a release adds says so: `-- since 3` behind a column, a rule, or the opening line of a table. The lines without it
-- are of version 2; the lines of a version and of those before it are that version's schema, to the word.
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

CREATE TABLE finding (
    index TINYINT NOT NULL CHECK (index BETWEEN 0 AND {last}), -- in the order of the model's outputs
    name VARCHAR NOT NULL,
    CHECK (length(name) BETWEEN 1 AND 200)
);

CREATE TABLE dataset (
    dataset VARCHAR NOT NULL,
    site VARCHAR NOT NULL CHECK (site IN ('source', 'validation', 'external')),
    synthetic BOOLEAN NOT NULL, -- drawn by a computer, as the site's own marker says
    reader VARCHAR NOT NULL, -- the reader module
    training_policy VARCHAR, -- NULL: nothing was trained on it
    manifest_fingerprint VARCHAR NOT NULL,
    pipeline_fingerprint VARCHAR, -- NULL: no images
    n_images INTEGER NOT NULL, -- rows of `image`
    n_patients INTEGER, -- NULL: patients are not recorded
    n_left_out INTEGER NOT NULL, -- by view, cap or sample
    n_rejected INTEGER NOT NULL, -- rows of `rejected`
    unit VARCHAR, -- since 3: what a row of `image` is; NULL: an image
    role_basis VARCHAR, -- since 3: what its role rests on: the run's own split, what was declared, nothing; NULL: computed
    CHECK (greatest(length(dataset), length(reader), length(training_policy)) <= 200),
    CHECK (greatest(length(manifest_fingerprint), length(pipeline_fingerprint)) <= 200),
    CHECK (unit IN ('image', 'study')), -- since 3
    CHECK (role_basis IN ('computed', 'declared', 'not_known')), -- since 3
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
    study_id VARCHAR, -- a pseudonym where the dataset is private; NULL: not recorded
    file VARCHAR, -- relative to the dataset's root; a keyed hash where the dataset is private; NULL: no images
    content_hash VARCHAR, -- which exposure it is, 'blake3:...'; NULL: left out before it was read, or no images
    picture_hash VARCHAR, -- which picture was made of it: its pixels are looked up by this; NULL as content_hash
    view VARCHAR CHECK (view IN ('PA', 'AP', 'frontal', 'lateral')),
    sex VARCHAR CHECK (sex IN ('F', 'M')),
    age_years FLOAT,
    width INTEGER,
    height INTEGER,
    left_out VARCHAR CHECK (left_out IN ('view', 'cap', 'sample', 'not_predicted')), -- 'cap': predicted where held out, for the task 'finding' alone
    CHECK (greatest(length(dataset), length(image_id), length(patient_id), length(study_id)) <= 200),
    CHECK (greatest(length(content_hash), length(picture_hash)) <= 200),
    CHECK (length(file) <= 1000),
    CHECK (age_years BETWEEN 0 AND 130),
    CHECK (least(width, height) >= 1)
);

CREATE TABLE attribute (
    dataset VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL, -- 'manufacturer', 'model', 'year', or a column of the site's own table
    value VARCHAR NOT NULL, -- no row: not recorded
    CHECK (greatest(length(dataset), length(image_id), length(name)) <= 200),
    CHECK (length(value) BETWEEN 1 AND 200)
);

CREATE TABLE name_match (
    dataset VARCHAR NOT NULL,
    finding VARCHAR NOT NULL, -- the dataset's own name
    class TINYINT NOT NULL CHECK (class BETWEEN 0 AND {last}),
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
    class TINYINT CHECK (class BETWEEN 0 AND {last}), -- NULL: no single class
    left_out VARCHAR CHECK (left_out IN ('none', 'several', 'uncertain')),
    present FLOAT[] NOT NULL, -- 1, 0, NaN
    CHECK (greatest(length(dataset), length(policy), length(image_id)) <= 200),
    CHECK (len(present) = {k} AND list_count(present) = {k} AND list_has_all([0::FLOAT, 1, 'nan'::FLOAT], present))
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
    regime VARCHAR CHECK (regime IN ('full', 'split')), -- NULL: brought
    fold TINYINT, -- NULL: no folds, or over all of them: the mean over the folds' ensembles, or 'split-pooled'
    member TINYINT, -- NULL: an ensemble, with a fold that of its members alone
    seed BIGINT, -- NULL, as the next three: brought
    architecture VARCHAR,
    weights_file VARCHAR, -- relative to the run's folder; NULL: an ensemble, too
    parameters BIGINT,
    outputs VARCHAR NOT NULL CHECK (outputs IN ('softmax', 'sigmoid')), -- whether one class excludes the others
    origin VARCHAR NOT NULL CHECK (origin IN ('trained', 'brought', 'adapted')),
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
    predicted TINYINT CHECK (predicted BETWEEN 0 AND {last}), -- NULL: one class does not exclude the others
    probability FLOAT[], -- NULL: flags alone; NaN: nothing is said of this class
    flagged FLOAT[], -- 1, 0, NaN; NULL: none
    CHECK (greatest(length(model_id), length(dataset), length(image_id)) <= 200),
    CHECK (probability IS NOT NULL OR flagged IS NOT NULL),
    CHECK (len(probability) = {k} AND list_count(probability) = {k} AND list_min(probability) >= 0),
    -- The greatest that is not NaN, which is sorted last.
    CHECK (list_sort(probability)[coalesce(list_position(list_sort(probability), 'nan'::FLOAT), {k} + 1) - 1] <= 1),
    CHECK (len(flagged) = {k} AND list_count(flagged) = {k} AND list_has_all([0::FLOAT, 1, 'nan'::FLOAT], flagged))
);

CREATE TABLE threshold (
    model_id VARCHAR NOT NULL,
    finding VARCHAR NOT NULL,
    operating_point VARCHAR NOT NULL, -- 'stated', 'youden', 'sensitivity=0.90', 'specificity=0.90'
    value DOUBLE NOT NULL, -- flagged from here up
    chosen_on STRUCT(dataset VARCHAR, role VARCHAR), -- NULL: on no images of this run
    CHECK (greatest(length(model_id), length(finding), length(operating_point)) <= 200),
    CHECK (isfinite(value)),
    CHECK (greatest(length(struct_extract(chosen_on, 'dataset')), length(struct_extract(chosen_on, 'role'))) <= 200)
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
    height SMALLINT NOT NULL CHECK (height BETWEEN 1 AND 1000),
    width SMALLINT NOT NULL CHECK (width BETWEEN 1 AND 1000),
    maps BLOB NOT NULL, -- {k} x height x width, uint8, each scaled to its own maximum
    scale FLOAT[] NOT NULL, -- what 255 stands for in each map
    CHECK (greatest(length(model_id), length(dataset), length(image_id), length(method)) <= 200),
    CHECK (octet_length(maps) = {k}::BIGINT * height * width),
    CHECK (len(scale) = {k} AND list_count(scale) = {k})
);

CREATE TABLE mean_map (
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    finding VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('recognized', 'missed', 'false_alarm')),
    n INTEGER NOT NULL CHECK (n >= 1),
    height SMALLINT NOT NULL CHECK (height BETWEEN 1 AND 1000),
    width SMALLINT NOT NULL CHECK (width BETWEEN 1 AND 1000),
    map BLOB NOT NULL, -- height x width, uint8
    image BLOB, -- uint8, square; NULL below n = 10: a mean of few is a patient
    CHECK (greatest(length(model_id), length(dataset), length(role), length(policy), length(finding)) <= 200),
    CHECK (octet_length(map) = height::BIGINT * width),
    CHECK (octet_length(image) BETWEEN 1 AND 1000000)
);

CREATE TABLE metric (
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    task VARCHAR NOT NULL CHECK (task IN ('single_class', 'finding')),
    stratum VARCHAR NOT NULL, -- 'all', 'view=PA', 'sex=F', 'age=60-79', 'manufacturer=...'
    finding VARCHAR, -- NULL: all classes
    metric VARCHAR NOT NULL, -- its name in cxr_core/metrics/catalogue.py
    operating_point VARCHAR, -- as in `threshold`; NULL: the metric needs none
    value DOUBLE, -- NULL: undefined
    low DOUBLE, -- 95 % interval over patients; NULL: none
    high DOUBLE,
    n INTEGER NOT NULL,
    n_positive INTEGER, -- NULL: of no one class
    n_effective DOUBLE, -- images that count for the metric, as patients count: (sum of m)^2 / sum of m^2; NULL: of none
    not_estimable BOOLEAN NOT NULL, -- n_effective below 30
    CHECK (greatest(length(model_id), length(dataset), length(role), length(policy)) <= 200),
    CHECK (greatest(length(finding), length(metric), length(operating_point)) <= 200),
    CHECK (length(stratum) <= 401), -- the name of an attribute, '=', one of its values
    CHECK (isfinite(value)),
    CHECK (isfinite(low)),
    CHECK (isfinite(high)),
    CHECK ((low IS NULL) = (high IS NULL) AND coalesce(low <= high, true)),
    CHECK (isfinite(n_effective) AND n_effective >= 0),
    CHECK (least(n, n_positive) >= 0 AND coalesce(n_positive <= n, true))
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
    task VARCHAR NOT NULL CHECK (task IN ('single_class', 'finding')),
    stratum VARCHAR NOT NULL,
    finding VARCHAR,
    metric VARCHAR NOT NULL,
    operating_point VARCHAR,
    internal_value DOUBLE,
    external_value DOUBLE,
    value DOUBLE, -- internal minus external
    low DOUBLE,
    high DOUBLE,
    not_estimable BOOLEAN NOT NULL, -- at one of the sites, or at both
    classes VARCHAR[] NOT NULL, -- those in a macro average: estimable at both sites
    CHECK (greatest(length(model_id), length(internal_dataset), length(internal_policy)) <= 200),
    CHECK (greatest(length(external_dataset), length(external_policy)) <= 200),
    CHECK (greatest(length(finding), length(metric), length(operating_point)) <= 200),
    CHECK (length(stratum) <= 401),
    CHECK (isfinite(internal_value)),
    CHECK (isfinite(external_value)),
    CHECK (isfinite(value)),
    CHECK (abs(internal_value - external_value - value) <= 1e-6 * greatest(1, abs(internal_value), abs(external_value))),
    CHECK (isfinite(low)),
    CHECK (isfinite(high)),
    CHECK ((low IS NULL) = (high IS NULL) AND coalesce(low <= high, true)),
    CHECK (list_count(classes) = len(classes) AND len(classes) <= 100 AND length(array_to_string(classes, '')) <= 10000)
);

CREATE TABLE primary_comparison ( -- since 4: what was declared before any number was seen; a row for each pair of tests
    internal_dataset VARCHAR NOT NULL,
    internal_policy VARCHAR NOT NULL,
    external_dataset VARCHAR NOT NULL,
    external_policy VARCHAR NOT NULL,
    task VARCHAR NOT NULL CHECK (task IN ('single_class', 'finding')),
    stratum VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    CHECK (greatest(length(internal_dataset), length(internal_policy), length(metric)) <= 200),
    CHECK (greatest(length(external_dataset), length(external_policy)) <= 200),
    CHECK (length(stratum) <= 401)
);

CREATE TABLE waterfall ( -- since 4: a gap taken apart, under the policies of the primary comparison, in the stratum 'all'
    model_id VARCHAR NOT NULL,
    internal_dataset VARCHAR NOT NULL,
    internal_policy VARCHAR NOT NULL,
    external_dataset VARCHAR NOT NULL,
    external_policy VARCHAR NOT NULL,
    finding VARCHAR, -- NULL: all classes
    scale VARCHAR NOT NULL CHECK (scale IN ('accuracy', 'balanced_accuracy', 'youden')),
    cause VARCHAR, -- 'view', 'sex', 'age' or an attribute; NULL: of 'youden'
    part VARCHAR NOT NULL CHECK (part IN ('gap', 'term', 'level', 'other_order')), -- the terms add up to the gap
    name VARCHAR NOT NULL, -- as in cxr_core/shift/waterfall.py
    value DOUBLE, -- internal minus external, but for a level; NULL: not identifiable or undefined
    low DOUBLE,
    high DOUBLE,
    reason VARCHAR, -- why it is not identifiable
    CHECK (greatest(length(model_id), length(internal_dataset), length(internal_policy)) <= 200),
    CHECK (greatest(length(external_dataset), length(external_policy), length(finding), length(name)) <= 200),
    CHECK (length(cause) <= 200 AND length(reason) <= 500),
    CHECK (isfinite(value) AND isfinite(low) AND isfinite(high)),
    CHECK ((low IS NULL) = (high IS NULL) AND coalesce(low <= high, true))
);

CREATE TABLE verdict ( -- since 4: of a finding, whether its ranking or its threshold is lost
    model_id VARCHAR NOT NULL,
    internal_dataset VARCHAR NOT NULL,
    internal_policy VARCHAR NOT NULL,
    external_dataset VARCHAR NOT NULL,
    external_policy VARCHAR NOT NULL,
    finding VARCHAR NOT NULL,
    ranking VARCHAR CHECK (ranking IN ('lost', 'slightly lost', 'kept', 'undecided')), -- NULL, as the next: not estimable
    threshold VARCHAR CHECK (threshold IN ('lost', 'kept', 'undecided')),
    CHECK (greatest(length(model_id), length(internal_dataset), length(internal_policy)) <= 200),
    CHECK (greatest(length(external_dataset), length(external_policy), length(finding)) <= 200),
    CHECK ((ranking IS NULL) = (threshold IS NULL))
);

CREATE TABLE local_patients ( -- since 4: what so many patients of the external site buy, judged on others
    model_id VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,
    finding VARCHAR, -- NULL: all classes
    metric VARCHAR NOT NULL,
    patients INTEGER NOT NULL CHECK (patients >= 1),
    gain DOUBLE NOT NULL, -- the mean over draws of that many patients
    spread DOUBLE NOT NULL, -- the standard deviation over the draws
    low DOUBLE NOT NULL, -- the 5th percentile of the draws
    high DOUBLE NOT NULL, -- the 95th
    lacking DOUBLE NOT NULL CHECK (lacking BETWEEN 0 AND 1), -- share of the draws that lack a class
    judged_by INTEGER NOT NULL CHECK (judged_by >= 1), -- patients
    CHECK (greatest(length(model_id), length(dataset), length(policy), length(finding), length(metric)) <= 200),
    CHECK (isfinite(gain) AND isfinite(spread) AND isfinite(low) AND isfinite(high) AND low <= high)
);

CREATE TABLE class_mix ( -- since 4: the external site's mix as estimated without its labels
    model_id VARCHAR NOT NULL,
    internal_dataset VARCHAR NOT NULL,
    internal_policy VARCHAR NOT NULL,
    external_dataset VARCHAR NOT NULL,
    external_policy VARCHAR NOT NULL,
    finding VARCHAR NOT NULL, -- of sigmoid outputs, each finding for itself
    internal DOUBLE NOT NULL CHECK (internal BETWEEN 0 AND 1), -- its share in the internal test
    external DOUBLE NOT NULL CHECK (external BETWEEN 0 AND 1), -- in the external test, by its labels
    estimated DOUBLE NOT NULL CHECK (estimated BETWEEN 0 AND 1), -- without them
    distance DOUBLE NOT NULL CHECK (distance >= 0), -- above 1 the images differ, and the estimate must not be read
    CHECK (greatest(length(model_id), length(internal_dataset), length(internal_policy)) <= 200),
    CHECK (greatest(length(external_dataset), length(external_policy), length(finding)) <= 200),
    CHECK (isfinite(distance))
);

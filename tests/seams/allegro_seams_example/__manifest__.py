{
    "name": "Allegro seams, an example",
    "summary": "What another addon may add to Allegro Sales Channel, each thing once",
    "version": "19.0.1.0.0",
    "author": "Allegro Sales Channel contributors",
    "website": "https://apps.odoo.com/apps/modules/19.0/allegro_sales_channel",
    "license": "LGPL-3",
    "category": "Hidden/Tests",
    "depends": ["allegro_sales_channel"],
    "data": ["data/ir_cron_data.xml"],
    "installable": True,
}
